package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.api.StreamConsumerGroupStatus;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.apiserver.access.Identity;
import io.streamfleet.apiserver.controller.InstantKubelet;
import io.streamfleet.operator.cluster.ApiServerContact;
import io.streamfleet.operator.cluster.ClusterClient;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.settings.OperatorSettings;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** An API server that goes and comes back is told of once each, and waited for. */
class ApiServerAwayTest {

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Identity identity = Identity.make();
  private final ApiServer first = serving(0);
  @AutoClose private final KubernetesClient client = ClusterClient.open(first.config());

  @AutoClose
  private final StreamfleetOperator operator =
      new StreamfleetOperator(
          client,
          OperatorSettings.from(Map.of("STREAMFLEET_LEADER_ELECTION", "false")),
          new OperatorMetrics(registry, "test"),
          Clock.systemUTC(),
          RandomGenerator.getDefault(),
          () -> {});

  private final Said said = new Said();

  /** What is logged at warn and above, and what tells of the API server. */
  private static final class Said extends AppenderBase<ILoggingEvent> {

    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent line) {
      if (line.getLevel().isGreaterOrEqual(Level.WARN)
          || line.getLoggerName().equals(ApiServerContact.class.getName())) {
        lines.add(line);
      }
    }

    List<String> messages() {
      return lines.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
  }

  private ApiServer serving(int port) {
    ApiServer server = ApiServer.start(new InstantKubelet(), port, Clock.systemUTC(), identity);
    try {
      server.apply(Files.readString(TestCluster.CRD));
    } catch (java.io.IOException e) {
      throw new UncheckedIOException(e);
    }
    return server;
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  private static Logger root() {
    return context().getLogger(Logger.ROOT_LOGGER_NAME);
  }

  @BeforeEach
  void listen() {
    LibraryLog.shape(ClusterClient.contact(client));
    operator.start();
    said.start();
    root().addAppender(said);
  }

  @AfterEach
  void deaf() {
    root().detachAppender(said);
    context().resetTurboFilterList();
  }

  private double reachable() {
    return registry.getSampleValue("streamfleet_operator_api_server_reachable");
  }

  @Test
  void anOutageIsALineAtItsBeginningAndOneAtItsEnd() {
    assertThat(reachable()).isEqualTo(1);
    int port = URI.create(first.url()).getPort();
    first.close();
    eventually(() -> assertThat(reachable()).isZero());
    assertThat(operator.lifeProblem()).isEmpty();

    try (ApiServer second = serving(port)) {
      second.apply(
          """
          apiVersion: streamfleet.io/v1alpha1
          kind: StreamConsumerGroup
          metadata: {name: late, namespace: default}
          spec:
            redis: {url: "redis://127.0.0.1:1"}
            inbound: {streams: [in], handler: {builtin: Discard}}
          """);
      try (KubernetesClient other = second.client()) {
        eventually(
            () ->
                assertThat(
                        other
                            .apps()
                            .deployments()
                            .inNamespace("default")
                            .withName("late-worker")
                            .get())
                    .isNotNull());
      }
      eventually(() -> assertThat(reachable()).isEqualTo(1));
      assertThat(said.messages())
          .containsExactly(
              "the API server can't be reached; watches and writes are tried again until it can",
              "the API server answers again");
      assertThat(said.lines).allSatisfy(line -> assertThat(line.getThrowableProxy()).isNull());
      eventually(() -> assertThat(operator.lifeProblem()).isEmpty());
    }
  }

  @Test
  void anOperatorThatTheApiServerDoesNotTellOfPodsIsNotAlive() {
    int port = URI.create(first.url()).getPort();
    first.close();
    eventually(() -> assertThat(reachable()).isZero());

    try (ApiServer second = serving(port)) {
      second.fail(request -> request.resource().equals("pods"), 403, Integer.MAX_VALUE);

      eventually(
          () ->
              assertThat(operator.lifeProblem())
                  .hasValueSatisfying(
                      problem -> assertThat(problem).contains("does not hear", "pods")));
    }
  }

  @Test
  void whatALibraryWarnsOfWithAStackIsALineOrNothing() {
    Logger reflector =
        context().getLogger("io.fabric8.kubernetes.client.informers.impl.cache.Reflector");
    Status refusal = new StatusBuilder().withCode(403).withMessage("pods is forbidden").build();

    reflector.warn(
        "{} failed for {}, will retry", "list", "v1/pods", new KubernetesClientException(refusal));
    assertThat(said.lines)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getThrowableProxy()).isNull();
              assertThat(line.getKeyValuePairs())
                  .extracting(it -> it.key + "=" + it.value)
                  .containsExactly("what=v1/pods", "failure=pods is forbidden");
            });

    context()
        .getLogger("io.javaoperatorsdk.operator.processing.event.EventProcessor")
        .warn(
            "Uncaught error during event processing {} - but",
            "default/chat",
            new ApplyFailed(
                new StreamConsumerGroupStatus(
                    1L, List.of(), null, null, null, null, null, null, null, null, null, null,
                    List.of(), List.of(), List.of()),
                List.of("service: no")));
    assertThat(said.lines).as("said before, of the object").hasSize(1);

    reflector.warn("{} failed for {}, will retry", "watch", "v1/pods", new AssertionError("ours"));
    assertThat(said.lines.getLast().getThrowableProxy()).as("what nobody foresaw").isNotNull();
    first.close();
  }
}
