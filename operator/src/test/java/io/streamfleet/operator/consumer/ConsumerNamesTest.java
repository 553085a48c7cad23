package io.streamfleet.operator.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.client.CollectorRegistry;
import io.streamfleet.api.Manifest;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.operator.cluster.PodsByName;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.group.ConsumerGroup;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What becomes of consumer names, on a real Redis. */
class ConsumerNamesTest {

  private static final String GONE = "chat-worker-7d9f8b6c5d-x2x4z";
  private static final String ALIVE = "chat-worker-7d9f8b6c5d-b5b6b";

  @AutoClose private final RedisServer server = RedisServer.plain();

  @AutoClose
  private final RedisConnector connector =
      RedisConnector.to(
          new RedisSettings(
              server.url(),
              false,
              false,
              Duration.ofSeconds(1),
              () -> Credentials.NONE,
              true,
              "test"),
          Duration.ZERO);

  private final Link link = connector.connect();

  @AutoClose
  private final WorkerDouble workers =
      new WorkerDouble(server.url(), "sg:stream:inbound", "sg:workers").withGroup();

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Set<String> pods = ConcurrentHashMap.newKeySet();

  /** Pods of the past, as the operator saw them. */
  private final Set<String> past = ConcurrentHashMap.newKeySet();

  {
    past.add(GONE);
  }

  private final List<String> told = new CopyOnWriteArrayList<>();

  @AutoClose
  private final ConsumerNames names =
      new ConsumerNames(
          id -> Optional.of(link),
          Duration.ofSeconds(1),
          new OperatorMetrics(registry, "test"),
          (fleet, handedOver) ->
              told.add(
                  handedOver.stream()
                      .map(it -> it.consumer() + " " + it.entries())
                      .sorted()
                      .collect(Collectors.joining(", "))));

  private static Fleet fleet(String more) {
    return new Fleet(
        "ns",
        "chat",
        "uid",
        1,
        Manifest.read(
                """
                redis: {url: "redis://r.ns:6379"}
                inbound: {handler: {builtin: Discard}}
                """
                    + more)
            .spec());
  }

  private void reconcile(String more) {
    names.reconcile(fleet(more), () -> new PodsByName(pods, past));
  }

  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(5)).pollInterval(Duration.ofMillis(50));
  }

  private double metric(String name) {
    return registry.getSampleValue(name);
  }

  private double departing() {
    Double value =
        registry.getSampleValue(
            "streamfleet_operator_consumers_departing",
            new String[] {"namespace", "name"},
            new String[] {"ns", "chat"});
    return value == null ? -1 : value;
  }

  @Test
  void whatWasPendingForAPodThatIsGoneIsFreeAtOnceAndItsNameGoesOnceItIsClaimed() {
    List<String> notices = workers.notices();
    workers.takes(GONE, 3);
    pods.add(ALIVE);

    reconcile("");

    soon().until(() -> workers.isFree(GONE));
    assertThat(workers.pendingOf(GONE)).allMatch(it -> it.getRedeliveryCount() == 0);
    soon().until(() -> notices.contains("sweep"));
    soon().until(() -> departing() == 1);
    assertThat(workers.names()).contains(GONE);
    assertThat(workers.sweeps(ALIVE)).isEqualTo(3);
    soon().until(() -> !workers.names().contains(GONE));
    soon().until(() -> departing() == 0);
    soon().until(() -> !told.isEmpty());
    assertThat(told).containsExactly(GONE + " 3");
    assertThat(metric("streamfleet_operator_entries_handed_over_total")).isEqualTo(3);
    assertThat(metric("streamfleet_operator_consumers_removed_total")).isEqualTo(1);
  }

  @Test
  void theLocksOfAPodThatIsGoneAreReleasedAndNoOthers() {
    for (int i = 0; i < 2_000; i++) {
      workers.locks("c" + i, GONE);
    }
    workers.locks("of-another", ALIVE);
    // A pod of this name in another namespace, say.
    workers.locks("of-namesake", GONE, new ConsumerGroup("another", "workers"));
    workers.locksAsOriginal("of-python");
    workers.takes(GONE, 1);
    pods.add(ALIVE);

    reconcile("");

    soon().until(() -> workers.locked().equals(Set.of("of-another", "of-namesake", "of-python")));
  }

  @Test
  void anEmptyNameGoesAtOnce() {
    workers.calls(GONE);
    workers.calls(ALIVE);
    pods.add(ALIVE);

    reconcile("");

    soon().until(() -> workers.names().equals(List.of(ALIVE)));
    assertThat(told).isEmpty();
  }

  @Test
  void aNodeThatIsLostIsToldOnceForAllThatWasOnIt() {
    String letters = "bcdfghjklmnpqrstvwxz";
    for (int i = 0; i < letters.length(); i++) {
      String pod = "chat-worker-7d9f8b6c5d-2222" + letters.charAt(i);
      past.add(pod);
      workers.takes(pod, 2);
    }

    reconcile("");

    soon().until(() -> departing() == letters.length());
    soon().until(() -> !told.isEmpty());
    assertThat(told)
        .singleElement()
        .satisfies(line -> assertThat(line.split(", ", -1)).hasSize(letters.length()));
  }

  @Test
  void aProcessThatOutlivesItsPodLosesNothingUntilItEnds() {
    var process = workers.listens(GONE);
    workers.takes(GONE, 2);

    reconcile("");

    soon()
        .until(
            () -> {
              workers.calls(GONE);
              return departing() == 1;
            });
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(4))
        .until(
            () -> {
              workers.calls(GONE);
              return !workers.isFree(GONE);
            });
    process.close();
    soon().until(() -> workers.isFree(GONE));
  }

  @Test
  void aConnectionThatIsOpenAndSilentIsNoProcess() {
    var halfOpen = workers.listens(GONE);
    workers.takes(GONE, 2);

    reconcile("read: {block: 200ms}\nautoclaim: {minIdle: 1s, interval: 300ms}\n");

    soon().until(() -> workers.isFree(GONE));
    assertThat(halfOpen.isOpen()).isTrue();
    workers.sweeps(ALIVE);
    pods.add(ALIVE);
    soon().until(() -> !workers.names().contains(GONE));
  }

  /**
   * Another operator's, in another cluster: after a restart of Redis nobody listens for a moment.
   */
  @Test
  void aNameThatWasNeverSeenAsAPodKeepsWhatItHasWhileItIsSilentForAMoment() {
    past.clear();
    workers.takes(GONE, 2);
    workers.locks("c1", GONE);

    reconcile("");

    soon().until(() -> departing() == 1);
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(4))
        .until(() -> !workers.isFree(GONE) && workers.locked().contains("c1"));
    assertThat(told).isEmpty();
  }

  @Test
  void aNameThatWasNeverSeenAsAPodGoesOnceEveryLookWasSilentForLongEnough() {
    past.clear();
    workers.takes(GONE, 2);

    reconcile("read: {block: 200ms}\nautoclaim: {minIdle: 1s, interval: 300ms}\n");

    soon().until(() -> workers.isFree(GONE));
    assertThat(workers.sweeps(ALIVE)).isEqualTo(2);
    pods.add(ALIVE);
    soon().until(() -> !workers.names().contains(GONE));
  }

  @Test
  void aNameUnderWhichSomebodyListensIsOfALivingPodThatThisOperatorCannotSee() {
    past.clear();
    workers.takes(GONE, 2);
    var process = workers.listens(GONE);

    reconcile("read: {block: 200ms}\nautoclaim: {minIdle: 1s, interval: 300ms}\n");

    await()
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(6))
        .until(() -> !workers.isFree(GONE));
    process.close();
    await().atMost(Duration.ofSeconds(15)).until(() -> workers.isFree(GONE));
  }

  /** An Error would end the thread that sees to the names, and nobody would know. */
  @Test
  void whatFailsInAnUnforeseenWayIsTriedAgain() {
    AtomicInteger asked = new AtomicInteger();
    workers.takes(GONE, 1);

    names.reconcile(
        fleet(""),
        () -> {
          if (asked.incrementAndGet() == 1) {
            throw new StackOverflowError("for a test");
          }
          return new PodsByName(pods, past);
        });

    soon().until(() -> workers.isFree(GONE));
  }

  @Test
  void namesOfOthersAreLeftAloneWhateverIsPendingThere() {
    workers.takes("python-1", 2);
    workers.calls("other-worker-7d9f8b6c5d-x2x4z");
    workers.calls(GONE);

    reconcile("");

    soon().until(() -> !workers.names().contains(GONE));
    assertThat(workers.isFree("python-1")).isFalse();
    assertThat(workers.names())
        .containsExactlyInAnyOrder("python-1", "other-worker-7d9f8b6c5d-x2x4z");
  }

  @Test
  void aPausedResourceIsLeftAlone() {
    workers.takes(GONE, 1);

    reconcile("paused: true\n");

    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(3))
        .until(() -> !workers.isFree(GONE));
    reconcile("");
    soon().until(() -> workers.isFree(GONE));
    reconcile("paused: true\n");
    soon().until(() -> departing() == 0);
  }

  @Test
  void aRedisThatDoesNotAnswerIsAskedAgain() {
    workers.takes(GONE, 1);
    server.pause();

    reconcile("");

    soon().until(() -> departing() == 1);
    server.resume();
    await().atMost(Duration.ofSeconds(10)).until(() -> workers.isFree(GONE));
  }

  @Test
  void allGroupsOfAResourceAreSeenTo() {
    WorkerDouble outbound =
        new WorkerDouble(server.url(), "sg:stream:outbound:matrix", "sg:gateway:matrix")
            .withGroup();
    workers.takes(GONE, 1);
    outbound.takes(GONE, 1);

    reconcile(
        """
        outbound:
          platforms: [matrix]
          group: "sg:gateway:{platform}"
          handler: {builtin: Discard}
        """);

    soon().until(() -> workers.isFree(GONE) && outbound.isFree(GONE));
    outbound.close();
  }

  @Test
  void oneGroupThatRefusesHoldsNoOtherUp() {
    WorkerDouble outbound =
        new WorkerDouble(server.url(), "sg:stream:outbound:matrix", "stargazer_gateways")
            .withGroup();
    outbound.takes(GONE, 1);
    workers.close();
    outbound.setText("sg:stream:inbound");

    reconcile("outbound: {platforms: [matrix], handler: {builtin: Discard}}\n");

    soon().until(() -> outbound.isFree(GONE));
    outbound.close();
  }

  @Test
  void aResourceThatIsForgottenHasNoSeriesAndNoRounds() {
    workers.takes(GONE, 1);
    reconcile("");
    soon().until(() -> departing() == 1);

    names.forget(fleet("").id());

    workers.sweeps(ALIVE);
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(3))
        .until(() -> workers.names().contains(GONE));
  }
}
