package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.apiserver.controller.InstantKubelet;
import io.streamfleet.embedded.FaultyLink;
import io.streamfleet.operator.cluster.ApiServerContact;
import io.streamfleet.operator.cluster.ClusterClient;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.settings.OperatorSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** An operator outlives every outage of its API server, also with nobody to take its place. */
class OperatorLifeTest {

  private static final Duration PATIENT = Duration.ofMinutes(5);

  @AutoClose private final ApiServer server = ApiServer.start(new InstantKubelet(), 0);
  @AutoClose private final KubernetesClient person = server.client();
  @AutoClose private final FaultyLink network = FaultyLink.to(URI.create(server.url()).getPort());
  @AutoClose private final KubernetesClient client = ClusterClient.open(throughTheNetwork());
  private final CollectorRegistry registry = new CollectorRegistry();
  private final OperatorMetrics metrics = new OperatorMetrics(registry, "test");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private CompletableFuture<Integer> status = new CompletableFuture<>();

  private Config throughTheNetwork() {
    return new ConfigBuilder(server.config()).withMasterUrl(address()).build();
  }

  private String address() {
    URI direct = URI.create(server.url());
    return "%s://%s:%d".formatted(direct.getScheme(), direct.getHost(), network.port());
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @BeforeEach
  void listen() {
    LibraryLog.shape(ClusterClient.contact(client));
    log.start();
    root().addAppender(log);
  }

  @AfterEach
  void deaf() {
    root().detachAppender(log);
    root().getLoggerContext().resetTurboFilterList();
  }

  private void isInstalled() {
    try {
      server.apply(Files.readString(TestCluster.CRD));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** With a lease that an outage of a test outlasts. */
  private OperatorLife lives(Duration patience) {
    return lives(patience, "5s");
  }

  private OperatorLife lives(Duration patience, String lease) {
    OperatorSettings settings =
        OperatorSettings.from(
            Map.of("STREAMFLEET_LEASE_DURATION", lease, "POD_NAME", "operator-0"));
    OperatorLife life =
        new OperatorLife(
            client,
            settings,
            onLost ->
                new StreamfleetOperator(
                    client,
                    settings,
                    metrics,
                    Clock.systemUTC(),
                    RandomGenerator.getDefault(),
                    onLost),
            Clock.systemUTC(),
            patience);
    status =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return life.run();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            },
            task -> Thread.ofPlatform().name("operator").start(task));
    return life;
  }

  private void isApplied(String name, int replicas) {
    server.apply(
        """
        apiVersion: streamfleet.io/v1alpha1
        kind: StreamConsumerGroup
        metadata: {name: %s, namespace: default}
        spec:
          redis: {url: "redis://127.0.0.1:1"}
          inbound: {streams: [in], handler: {builtin: Discard}}
          workers: {replicas: %d}
        """
            .formatted(name, replicas));
  }

  private void hasWorkers(String name, int wanted) {
    eventually(
        () ->
            assertThat(
                    person
                        .apps()
                        .deployments()
                        .inNamespace("default")
                        .withName(name + "-worker")
                        .get()
                        .getSpec()
                        .getReplicas())
                .isEqualTo(wanted));
  }

  /** What is logged at warn and above, and what tells of the API server. */
  private List<ILoggingEvent> said() {
    return List.copyOf(log.list).stream()
        .filter(
            line ->
                line.getLevel().isGreaterOrEqual(Level.WARN)
                    || line.getLoggerName().equals(ApiServerContact.class.getName()))
        .toList();
  }

  @Test
  void anApiServerThatIsNotThereYetIsWaitedFor() {
    isInstalled();
    network.cut();
    OperatorLife life = lives(PATIENT);
    eventually(() -> assertThat(life.readinessProblem()).hasValue("waiting for the API server"));
    assertThat(life.lifeProblem()).isEmpty();
    eventually(() -> assertThat(said()).hasSizeGreaterThanOrEqualTo(2));

    network.restore();

    isApplied("late", 1);
    hasWorkers("late", 1);
    assertThat(life.readinessProblem()).isEmpty();
    assertThat(said())
        .extracting(ILoggingEvent::getFormattedMessage)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("the API server can't be reached"),
            line -> assertThat(line).contains("does not answer", "waiting for it"),
            line -> assertThat(line).isEqualTo("the API server answers again"));
    life.stop();
    assertThat(status.join()).isZero();
  }

  /** Many ask it at once at the start: one gets no answer, and another one gets one after that. */
  @Test
  void anApiServerThatFailsOneOfManyRequestsAtTheStartIsAskedAgain() {
    isInstalled();
    server.fail(request -> request.resource().equals("networkpolicies"), 503, 6);
    OperatorLife life = lives(PATIENT);

    isApplied("chat", 1);
    hasWorkers("chat", 1);

    assertThat(said())
        .extracting(ILoggingEvent::getFormattedMessage)
        .anySatisfy(line -> assertThat(line).contains("while the operator started"));
    life.stop();
    assertThat(status.join()).isZero();
  }

  /** Nobody else could lead, so nothing is gained by ending. */
  @Test
  void anOutageThatOutlastsTheLeaseEndsNothing() {
    isInstalled();
    OperatorLife life = lives(PATIENT);
    isApplied("chat", 1);
    hasWorkers("chat", 1);

    network.cut();
    eventually(() -> assertThat(life.readinessProblem()).hasValue("waiting for the API server"));
    assertThat(registry.getSampleValue("streamfleet_operator_leader")).isZero();
    assertThat(life.lifeProblem()).isEmpty();
    network.restore();

    isApplied("chat", 2);
    hasWorkers("chat", 2);
    assertThat(registry.getSampleValue("streamfleet_operator_leader")).isEqualTo(1);
    assertThat(status).isNotDone();
    assertThat(said())
        .extracting(ILoggingEvent::getFormattedMessage)
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).startsWith("the API server can't be reached"),
            line -> assertThat(line).startsWith("leadership was lost"),
            line -> assertThat(line).isEqualTo("the API server answers again"));
    assertThat(said()).allSatisfy(line -> assertThat(line.getThrowableProxy()).isNull());
    life.stop();
    assertThat(status.join()).isZero();
  }

  /** The watches are opened again, and nobody has to know. */
  @Test
  void connectionsThatAreCutAreALineAtTheMostWhenItBeginsAndOneWhenItIsOver() {
    isInstalled();
    OperatorLife life = lives(PATIENT, "60s");
    isApplied("chat", 1);
    hasWorkers("chat", 1);

    for (int replicas = 2; replicas < 5; replicas++) {
      network.cut();
      network.restore();
      isApplied("chat", replicas);
      hasWorkers("chat", replicas);
    }

    assertThat(said())
        .extracting(ILoggingEvent::getFormattedMessage)
        .allSatisfy(line -> assertThat(line).startsWith("the API server "));
    assertThat(said()).hasSizeLessThanOrEqualTo(6);
    life.stop();
    assertThat(status.join()).isZero();
  }

  @Test
  void anApiServerThatNeverAnswersEndsItAfterAWhile() {
    network.cut();

    lives(Duration.ZERO);

    assertThat(status.join()).isEqualTo(1);
    assertThat(said().getLast().getFormattedMessage())
        .contains("the API server at " + address(), "does not answer");
  }

  @Test
  void aClusterWithoutTheCrdIsNotWaitedFor() {
    lives(PATIENT);

    assertThat(status.join()).isEqualTo(1);
    assertThat(said().getLast().getFormattedMessage()).contains("install the CRD first");
  }
}
