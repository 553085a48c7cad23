package io.streamfleet.console;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.console.access.Authentication;
import io.streamfleet.console.access.Caller;
import io.streamfleet.console.access.ClusterPermissions;
import io.streamfleet.console.access.Permissions;
import io.streamfleet.console.access.ProxyAuthentication;
import io.streamfleet.console.access.TokenAuthentication;
import io.streamfleet.console.change.Audit;
import io.streamfleet.console.change.Cancels;
import io.streamfleet.console.change.Jobs;
import io.streamfleet.console.change.Pauses;
import io.streamfleet.console.cluster.Cluster;
import io.streamfleet.console.cluster.FleetEvents;
import io.streamfleet.console.cluster.FleetResources;
import io.streamfleet.console.cluster.RedisLinks;
import io.streamfleet.console.http.Api;
import io.streamfleet.console.http.FleetChanges;
import io.streamfleet.console.http.FleetQuestions;
import io.streamfleet.console.http.WebServer;
import io.streamfleet.console.look.Channels;
import io.streamfleet.console.look.DeadLetters;
import io.streamfleet.console.look.Entries;
import io.streamfleet.console.look.InFlight;
import io.streamfleet.console.look.Payload;
import io.streamfleet.console.observe.Observatory;
import io.streamfleet.console.observe.WorkerPort;
import io.streamfleet.console.settings.ConsoleSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** All parts of the console, put together. */
public final class Console implements AutoCloseable {

  /** Who asks where everybody who reaches the page may do everything. */
  private static final Caller LOCAL = new Caller("local", List.of());

  private final WebServer server;
  private final Observatory observatory;
  private final Jobs jobs;
  private final RedisLinks links;
  private final WorkerPort port;

  private Console(
      WebServer server, Observatory observatory, Jobs jobs, RedisLinks links, WorkerPort port) {
    this.server = server;
    this.observatory = observatory;
    this.jobs = jobs;
    this.links = links;
    this.port = port;
  }

  /**
   * Starts to look and to serve.
   *
   * @param client is not closed with it
   * @throws IOException if the port cannot be opened
   */
  public static Console start(ConsoleSettings settings, KubernetesClient client)
      throws IOException {
    Cluster cluster = new Cluster(client);
    FleetResources resources = new FleetResources(cluster, settings.namespaces());
    RedisLinks links = new RedisLinks(cluster);
    WorkerPort port = new WorkerPort(settings.portAnnotation());
    Observatory observatory = Observatory.start(resources, links, port);
    Payload payload = new Payload(settings.payloads(), settings.masked());
    DeadLetters letters = new DeadLetters(payload);
    Audit audit = new Audit(new FleetEvents(cluster, Clock.systemUTC()));
    Jobs jobs = new Jobs(audit, letters);
    Api api =
        new Api(
            authentication(settings, cluster),
            settings.access() == ConsoleSettings.Access.OPEN
                ? Permissions.everything()
                : new ClusterPermissions(cluster),
            observatory,
            links,
            new Api.Policy(
                settings.access().name().toLowerCase(Locale.ROOT),
                settings.changes(),
                settings.payloads()),
            new FleetQuestions(
                resources, new Channels(), new Entries(payload), letters, new InFlight(port)),
            new FleetChanges(new Pauses(cluster, audit), new Cancels(audit), jobs));
    try {
      return new Console(
          WebServer.start(
              new InetSocketAddress(settings.host(), settings.port()), settings.hosts(), api),
          observatory,
          jobs,
          links,
          port);
    } catch (IOException e) {
      observatory.close();
      links.close();
      port.close();
      throw e;
    }
  }

  private static Authentication authentication(ConsoleSettings settings, Cluster cluster) {
    return switch (settings.access()) {
      case TOKEN -> new TokenAuthentication(cluster);
      case PROXY ->
          new ProxyAuthentication(
              settings.proxies(), settings.userHeader(), settings.groupsHeader());
      case OPEN -> credential -> Optional.of(LOCAL);
    };
  }

  /** The port of the page. */
  public int port() {
    return server.port();
  }

  /** Why it has nothing to show; empty when it has. */
  public Optional<String> problem() {
    return observatory.problem();
  }

  @Override
  public void close() {
    server.close();
    jobs.close();
    observatory.close();
    links.close();
    port.close();
  }
}
