package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.streamfleet.operator.cluster.ClusterClient;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What goes wrong in the middle of a reconcile is tried again, and said as much as it is worth. */
class UnforeseenTest {

  @AutoClose private final EmbeddedCluster cluster = new EmbeddedCluster();

  /** The framework takes a resource for busy ever after whose reconcile ends by an Error. */
  @Test
  void anErrorInAReconcileIsTriedAgain() {
    cluster.operator();
    LiveFleet fleet = cluster.fleet("chat", "").becomesReady();

    cluster.clock().failAReconcile(new StackOverflowError("for a test"));
    fleet.apply("workers: {replicas: 2}");

    eventually(() -> assertThat(fleet.podNames()).hasSize(2));
    assertThat(cluster.clock().hasFailed()).isTrue();
  }

  /** Something else is missing than the resource: nothing that is known of it is forgotten. */
  @Test
  void aRequestThatIsAnsweredNotFoundIsTriedAgain() {
    cluster.operator();
    LiveFleet fleet =
        cluster.fleet("chat", "").becomesReady().becomes("RedisReachable", "True/Answers");
    String before = connections();

    cluster
        .server()
        .fail(
            request ->
                request.userAgent().startsWith("streamfleet-operator")
                    && request.resource().equals("streamconsumergroups")
                    && request.verb().equals("patch")
                    && request.subresource().isEmpty(),
            404,
            1);
    fleet.apply("deletionPolicy: Delete\nworkers: {replicas: 2}");

    eventually(() -> assertThat(fleet.now().getMetadata().getFinalizers()).isNotEmpty());
    fleet.becomesReady();
    assertThat(connections()).as("of this operator to Redis, ever").isEqualTo(before);
  }

  private String connections() {
    return cluster
        .redis()
        .info("stats")
        .lines()
        .filter(line -> line.startsWith("total_connections_received"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aNamespaceThatGoesWarnsOfNothing() {
    StreamfleetOperator operator = cluster.operator();
    cluster
        .client()
        .resource(new NamespaceBuilder().withNewMetadata().withName("going").endMetadata().build())
        .create();
    LiveFleet fleet = new LiveFleet(cluster, "going", "chat");
    fleet.apply("deletionPolicy: Delete\nworkers: {replicas: 2}");
    fleet.becomesReady();
    LibraryLog.shape(ClusterClient.contact(cluster.clientOf(operator)));
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(said);
    try {
      cluster.client().namespaces().withName("going").delete();

      eventually(() -> assertThat(cluster.client().namespaces().withName("going").get()).isNull());
      List<String> warnings =
          List.copyOf(said.list).stream()
              .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
              .map(line -> line.getLoggerName() + ": " + line.getFormattedMessage())
              .toList();
      assertThat(warnings).isEmpty();
    } finally {
      root.detachAppender(said);
      root.getLoggerContext().resetTurboFilterList();
    }
  }
}
