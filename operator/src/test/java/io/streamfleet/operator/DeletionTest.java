package io.streamfleet.operator;

import static io.streamfleet.operator.LiveFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Consumer;
import io.lettuce.core.XReadArgs;
import io.streamfleet.embedded.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What goes with a resource, and what stays. */
@Tag(TestCluster.TAG)
class DeletionTest {

  private static final String FINALIZER = "streamfleet.io/redis-groups";

  @AutoClose private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start();
    cluster.operator();
  }

  @Test
  void withRetainItGoesAtOnceAndItsGroupsStay() {
    LiveFleet fleet = cluster.fleet("retained", "workers: {replicas: 2}").becomesReady();
    assertThat(fleet.now().getMetadata().getFinalizers()).isEmpty();

    fleet.resource().delete();

    assertThat(fleet.resource().get()).isNull();
    eventually(
        () -> {
          assertThat(fleet.deployment().get()).isNull();
          assertThat(fleet.configMap().get()).isNull();
          assertThat(fleet.service().get()).isNull();
          assertThat(fleet.budget().get()).isNull();
          assertThat(fleet.pods()).isEmpty();
        });
    assertThat(fleet.group()).isNotEmpty();
  }

  @Test
  void withDeleteTheWorkersGoFirstAndThenTheGroups() {
    EmbeddedCluster embedded = cluster.embedded("pods end when they are told");
    LiveFleet fleet =
        cluster
            .fleet(
                "deleted",
                "deletionPolicy: Delete\nworkers: {image: \"streamfleet/worker:lingering\"}")
            .becomesReady();
    assertThat(fleet.now().getMetadata().getFinalizers()).containsExactly(FINALIZER);

    fleet.resource().delete();

    eventually(() -> assertThat(fleet.deployment().get()).isNull());
    eventually(() -> assertThat(fleet.pods()).isEmpty());
    assertThat(fleet.resource().get()).isNotNull();
    assertThat(fleet.group()).isNotEmpty();
    double reconciles = reconciles(embedded);
    eventually(() -> assertThat(reconciles(embedded)).isGreaterThan(reconciles + 2));

    eventually(
        () -> {
          embedded.kubelet().letGo();
          assertThat(fleet.resource().get()).isNull();
        });
    assertThat(fleet.group()).isEmpty();
    assertThat(cluster.redis().exists("deleted:in")).isEqualTo(1);
    assertThat(fleet.events("GroupsDeleted")).hasSize(1);
    // What is there is deleted once; a second time only if the word of the first comes late.
    assertThat(embedded.requests())
        .filteredOn(it -> it.verb().equals("delete") && it.name().startsWith("deleted"))
        .hasSizeBetween(1, 2)
        .allSatisfy(it -> assertThat(it.name()).isEqualTo("deleted-worker"));
  }

  private static double reconciles(EmbeddedCluster cluster) {
    return Objects.requireNonNull(
        cluster
            .registry()
            .getSampleValue(
                "streamfleet_operator_reconciles_total",
                new String[] {"outcome"},
                new String[] {"success"}));
  }

  @Test
  void aRedisThatIsGoneHoldsItUpForABoundedTime() {
    EmbeddedCluster embedded = cluster.embedded("minutes pass");
    LiveFleet fleet = new LiveFleet(cluster, cluster.namespace(), "stranded");
    try (RedisServer redis = RedisServer.plain()) {
      fleet.applyWhole(
          redis.url(), "inbound: {handler: {builtin: Discard}}\ndeletionPolicy: Delete");
      fleet.becomesReady().becomes("RedisReachable", "True/Answers");
    }

    fleet.resource().delete();
    eventually(() -> assertThat(fleet.deployment().get()).isNull());
    assertThat(fleet.resource().get()).isNotNull();
    embedded.clock().forward(Duration.ofMinutes(3));

    eventually(() -> assertThat(fleet.resource().get()).isNull());
    assertThat(fleet.events("GroupsKept"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getMessage())
                    .contains(
                        "consumer group sg:workers of stream sg:stream:inbound",
                        "Redis can't be reached",
                        "XGROUP DESTROY"));
  }

  @Test
  void anotherPolicyAddsAndRemovesTheFinalizer() {
    LiveFleet fleet = cluster.fleet("undecided", "").becomesReady();
    assertThat(fleet.now().getMetadata().getFinalizers()).isEmpty();

    fleet.apply("deletionPolicy: Delete");
    eventually(
        () -> assertThat(fleet.now().getMetadata().getFinalizers()).containsExactly(FINALIZER));

    fleet.apply("deletionPolicy: Retain");
    eventually(() -> assertThat(fleet.now().getMetadata().getFinalizers()).isEmpty());
    fleet.resource().delete();
    assertThat(fleet.resource().get()).isNull();
  }

  @Test
  void aResourceThatCannotWorkGoesAllTheSame() {
    LiveFleet fleet = cluster.fleet("hopeless", "deletionPolicy: Delete").becomesReady();
    fleet.apply(
        "deletionPolicy: Delete\nworkers: {volumeMounts: [{name: missing, mountPath: /data}]}");
    fleet.becomes("Ready", "False/InvalidSpec");

    fleet.resource().delete();

    eventually(() -> assertThat(fleet.resource().get()).isNull());
    assertThat(fleet.group()).isEmpty();
  }

  private static String shared(String stream) {
    return """
        inbound: {streams: ["%s"], group: workers, startFrom: End, handler: {builtin: Discard}}
        deletionPolicy: Delete
        """
        .formatted(stream);
  }

  private static LiveFleet sharing(String name, String url, String stream) {
    LiveFleet fleet = new LiveFleet(cluster, cluster.namespace(), name);
    fleet.applyWhole(url, shared(stream));
    return fleet.becomesReady().becomes("RedisReachable", "True/Answers");
  }

  private static List<String> groups(String stream) {
    return cluster.redis().xinfoGroups(stream).stream()
        .map(row -> String.valueOf(((List<?>) row).get(1)))
        .toList();
  }

  /** The usual move from blue to green: what is pending belongs to green by then. */
  @Test
  void aGroupThatAnotherResourceDeclaresStays() {
    LiveFleet blue = sharing("blue", cluster.redisUrl(), "bluegreen:in");
    LiveFleet green = sharing("green", cluster.redisUrl(), "bluegreen:in");

    blue.resource().delete();

    eventually(() -> assertThat(blue.resource().get()).isNull());
    assertThat(groups("bluegreen:in")).containsExactly("workers");
    assertThat(blue.events("GroupsDeleted")).isEmpty();
    assertThat(blue.events("GroupsKept"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getMessage())
                    .contains("consumer group workers of stream bluegreen:in", "/green"));

    green.resource().delete();
    eventually(() -> assertThat(green.resource().get()).isNull());
    assertThat(groups("bluegreen:in")).as("the last one deletes it").isEmpty();
  }

  /** One Redis has many addresses. */
  @Test
  void aGroupThatAnotherResourceDeclaresByAnotherAddressStays() {
    String address = cluster.redisUrl().replace("127.0.0.1", "localhost");
    LiveFleet one = sharing("by-number", cluster.redisUrl(), "addresses:in");
    LiveFleet other = sharing("by-name", address, "addresses:in");

    one.resource().delete();

    eventually(() -> assertThat(one.resource().get()).isNull());
    assertThat(groups("addresses:in")).containsExactly("workers");
    assertThat(cluster.redis().xinfoConsumers("addresses:in", "workers")).isEmpty();
    other.resource().delete();
    eventually(() -> assertThat(other.resource().get()).isNull());
  }

  @Test
  void aGroupOfThatNameOnAnotherRedisIsNoReasonToKeepIt() {
    cluster.embedded("a second Redis is on this machine");
    try (RedisServer another = RedisServer.plain()) {
      LiveFleet here = sharing("here", cluster.redisUrl(), "twice:in");
      LiveFleet there = sharing("there", another.url(), "twice:in");

      here.resource().delete();

      eventually(() -> assertThat(here.resource().get()).isNull());
      assertThat(groups("twice:in")).isEmpty();
      assertThat(here.events("GroupsDeleted"))
          .singleElement()
          .satisfies(
              event ->
                  assertThat(event.getMessage())
                      .contains("consumer group workers of stream twice:in"));
      there.resource().delete();
      eventually(() -> assertThat(there.resource().get()).isNull());
    }
  }

  @Test
  void ofTwoThatGoTogetherOneDeletesTheirGroup() {
    LiveFleet one = sharing("first", cluster.redisUrl(), "together:in");
    LiveFleet other = sharing("second", cluster.redisUrl(), "together:in");

    one.resource().delete();
    other.resource().delete();

    eventually(() -> assertThat(one.resource().get()).isNull());
    eventually(() -> assertThat(other.resource().get()).isNull());
    assertThat(groups("together:in")).isEmpty();
  }

  @Test
  @SuppressWarnings("unchecked") // An array of streams, made by the compiler.
  void aGroupInWhichSomebodyElseLivesStays() {
    LiveFleet fleet = new LiveFleet(cluster, cluster.namespace(), "guest");
    // A worker that runs would read the entry itself.
    fleet.applyWhole(cluster.redisUrl(), shared("guest:in") + "workers: {replicas: 0}");
    fleet.becomes("Ready", "True/ScaledToZero").becomes("RedisReachable", "True/Answers");
    eventually(() -> assertThat(groups("guest:in")).containsExactly("workers"));
    cluster.redis().xadd("guest:in", Map.of("n", "1"));
    cluster
        .redis()
        .xreadgroup(
            Consumer.from("workers", "python-1"), XReadArgs.StreamOffset.lastConsumed("guest:in"));

    fleet.resource().delete();

    eventually(() -> assertThat(fleet.resource().get()).isNull());
    assertThat(groups("guest:in")).containsExactly("workers");
    assertThat(cluster.redis().xpending("guest:in", "workers").getCount()).isEqualTo(1);
    assertThat(fleet.events("GroupsKept"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getMessage())
                    .contains("consumer group workers of stream guest:in", "python-1"));
  }

  /** What ran is what is there to be deleted: the spec that can't work was never put in force. */
  @Test
  void theGroupsOfAResourceThatCannotWorkAreThoseThatItsWorkersReadIn() {
    LiveFleet fleet = cluster.fleet("strayed", "deletionPolicy: Delete").becomesReady();
    fleet.applyWhole(
        "redis://127.0.0.1:1",
        """
        inbound: {streams: ["strayed:in"], group: workers, handler: {builtin: Discard}}
        deletionPolicy: Delete
        workers: {volumeMounts: [{name: missing, mountPath: /data}]}
        """);
    fleet.becomes("Ready", "False/InvalidSpec");

    fleet.resource().delete();

    eventually(() -> assertThat(fleet.resource().get()).isNull());
    assertThat(fleet.group()).isEmpty();
    assertThat(fleet.events("GroupsKept")).isEmpty();
  }

  @Test
  void thePolicyOfAResourceThatCannotWorkIsObeyedAllTheSame() {
    String unworkable = "\nworkers: {volumeMounts: [{name: missing, mountPath: /data}]}";
    LiveFleet spared = cluster.fleet("spared", "deletionPolicy: Delete").becomesReady();
    spared.apply("deletionPolicy: Retain" + unworkable);
    spared.becomes("Ready", "False/InvalidSpec");
    LiveFleet doomed = cluster.fleet("doomed", "").becomesReady();
    doomed.apply("deletionPolicy: Delete" + unworkable);
    doomed.becomes("Ready", "False/InvalidSpec");
    eventually(
        () -> assertThat(doomed.now().getMetadata().getFinalizers()).containsExactly(FINALIZER));

    spared.resource().delete();
    doomed.resource().delete();

    eventually(() -> assertThat(spared.resource().get()).isNull());
    eventually(() -> assertThat(doomed.resource().get()).isNull());
    assertThat(spared.group()).isNotEmpty();
    assertThat(doomed.group()).isEmpty();
  }
}
