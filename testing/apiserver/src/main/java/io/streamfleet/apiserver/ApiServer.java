package io.streamfleet.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.streamfleet.apiserver.access.Identity;
import io.streamfleet.apiserver.access.Kubeconfig;
import io.streamfleet.apiserver.access.Users;
import io.streamfleet.apiserver.controller.Controllers;
import io.streamfleet.apiserver.controller.InstantKubelet;
import io.streamfleet.apiserver.controller.Kubelet;
import io.streamfleet.apiserver.endpoint.Bodies;
import io.streamfleet.apiserver.endpoint.Router;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.http.HttpFrontend;
import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.kind.ResourceTypes;
import io.streamfleet.apiserver.merge.Patch;
import io.streamfleet.apiserver.request.ApiRequest;
import io.streamfleet.apiserver.request.Faults;
import io.streamfleet.apiserver.request.RequestListener;
import io.streamfleet.apiserver.store.Store;
import io.streamfleet.apiserver.write.Admission;
import io.streamfleet.apiserver.write.Definitions;
import io.streamfleet.apiserver.write.Deleter;
import io.streamfleet.apiserver.write.Target;
import io.streamfleet.apiserver.write.WriteOptions;
import io.streamfleet.apiserver.write.Writer;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A Kubernetes API server in this process, with the controllers of a cluster that a fleet needs.
 * Everything is in memory, on loopback and under TLS; whoever has its token may do everything, and
 * nobody else anything.
 *
 * <pre>{@code
 * try (ApiServer server = ApiServer.start();
 *     KubernetesClient client = server.client()) {
 *   server.apply(Files.readString(Path.of("crds/streamconsumergroups.streamfleet.io.yaml")));
 *   client.pods().inNamespace("default").list();
 * }
 * }</pre>
 */
public final class ApiServer implements AutoCloseable {

  private static final List<String> NAMESPACES = List.of("default", "kube-system");

  private final List<RequestListener> listeners = new CopyOnWriteArrayList<>();
  private final Faults faults = new Faults();
  private final ResourceTypes types = new ResourceTypes();
  private final Store store = new Store();
  private final Writer writer;
  private final Controllers controllers;
  private final HttpFrontend frontend;
  private final Identity identity;
  private final Users users;

  private ApiServer(Kubelet kubelet, int port, Clock clock, Identity identity) {
    this.identity = identity;
    this.users = new Users(identity);
    Definitions definitions = new Definitions(types, store, clock);
    this.writer =
        new Writer(store, clock, new Admission(store, RandomGenerator.getDefault()), definitions);
    Deleter deleter = new Deleter(store, clock, definitions);
    NAMESPACES.forEach(this::createNamespace);
    this.frontend =
        new HttpFrontend(
            new Router(
                types, store, writer, deleter, this::received, faults, kubelet::log, users, clock),
            identity,
            port);
    this.controllers = new Controllers(types, store, writer, deleter, clock, kubelet);
  }

  /** Starts one on any free port of loopback, whose pods become ready at once. */
  public static ApiServer start() {
    return start(new InstantKubelet(), 0);
  }

  /**
   * Starts one on loopback.
   *
   * @param kubelet runs the pods
   * @param port 0 for any
   * @throws IllegalStateException if the port is in use
   */
  public static ApiServer start(Kubelet kubelet, int port) {
    return start(kubelet, port, Clock.systemUTC());
  }

  /**
   * The same with its own clock, for tests that can't wait for a deadline. Nothing is triggered by
   * time alone: the clock is read when an object changes next.
   */
  public static ApiServer start(Kubelet kubelet, int port, Clock clock) {
    return start(kubelet, port, clock, Identity.make());
  }

  /**
   * The same with an existing identity, so that clients recognize it: like a restarted API server
   * of a cluster.
   */
  public static ApiServer start(Kubelet kubelet, int port, Clock clock, Identity identity) {
    return new ApiServer(kubelet, port, clock, identity);
  }

  private void received(ApiRequest request) {
    listeners.forEach(listener -> listener.received(request));
  }

  private void createNamespace(String name) {
    ResourceType type = types.any("", "namespaces").orElseThrow();
    writer.create(
        Target.of(type, "", name),
        JsonNodeFactory.instance.objectNode(),
        WriteOptions.by("streamfleet-apiserver"));
  }

  /** Its URL, such as {@code https://127.0.0.1:34567}. */
  public String url() {
    return "https://127.0.0.1:" + frontend.port();
  }

  /** The token and certificates of server and clients. */
  public Identity identity() {
    return identity;
  }

  /** The users of whom access reviews know. */
  public Users users() {
    return users;
  }

  /** The kubeconfig for {@code kubectl} and the operator: a file that only its owner may read. */
  public Kubeconfig kubeconfig() {
    return new Kubeconfig(url(), identity);
  }

  /**
   * A new client on the JDK's HTTP client, with the namespace {@code default}; the caller closes
   * it.
   */
  public KubernetesClient client() {
    return new KubernetesClientBuilder().withConfig(config()).build();
  }

  /** The configuration of a client. */
  public Config config() {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(url())
        .withCaCertData(identity.authorityAsData())
        .withOauthToken(identity.token())
        .withNamespace("default")
        .withHttp2Disable(true)
        .build();
  }

  /** Registers a listener for requests. */
  public void listen(RequestListener listener) {
    listeners.add(listener);
  }

  /**
   * Injects failures.
   *
   * @param requests which ones fail
   * @param code the HTTP status, such as 500, 409 or 403
   * @param times how many of them, from now on
   */
  public void fail(Predicate<ApiRequest> requests, int code, int times) {
    faults.fail(requests, code, times);
  }

  /** Stops injecting failures. */
  public void stopFailing() {
    faults.clear();
  }

  /**
   * Applies manifests, such as CustomResourceDefinitions, without a request. The default namespace
   * is {@code default}.
   *
   * @param manifests YAML documents
   * @throws ApiFailure if one of them is invalid, or of an unknown kind
   */
  public void apply(String manifests) {
    apply(manifests, "streamfleet-apiserver");
  }

  /**
   * The same for a field manager, which then owns the fields.
   *
   * @param fieldManager such as {@code kubectl}
   */
  public void apply(String manifests, String fieldManager) {
    for (ObjectNode object : Bodies.documents(manifests)) {
      ResourceType type =
          types
              .ofKind(object.path("apiVersion").asText(), object.path("kind").asText())
              .orElseThrow(
                  () ->
                      ApiFailure.badRequest(
                          "no kind %s in %s: apply its CustomResourceDefinition first"
                              .formatted(
                                  object.path("kind").asText(),
                                  object.path("apiVersion").asText())));
      String namespace =
          type.namespaced() ? object.path("metadata").path("namespace").asText("default") : "";
      writer.patch(
          Target.of(type, namespace, object.path("metadata").path("name").asText()),
          new Patch.Apply(object, true),
          WriteOptions.by(fieldManager));
    }
  }

  /** Ends watches, controllers and connections. */
  @Override
  public void close() {
    controllers.close();
    store.close();
    frontend.close();
  }
}
