package io.streamfleet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.bench.Throughput.Limits;
import io.streamfleet.embedded.RedisServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each part, small: that its figures can be, not which they are. */
class PartsTest {

  private static final String CROWDED = "bench:crowded";

  private final RedisServer server = RedisServer.plain();
  private final Observer redis = new Observer(server.url());
  private final StringWriter progress = new StringWriter();

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void open() {
    lab =
        new Lab(
            redis,
            true,
            folder,
            List.of("-Xmx96m", "-XX:+UseSerialGC"),
            List.of(),
            Path.of("there-is-no.jar"),
            Path.of("there-is-no.jar"),
            new PrintWriter(progress, true));
  }

  @AfterEach
  void close() {
    redis.close();
    server.close();
  }

  @Test
  void anEntryIsAcknowledgedAfterItsHandlerHasBegun() throws Exception {
    Load load =
        Load.run(
            lab,
            new WorkerContender(),
            "bench:load",
            Course.unordered(),
            100,
            200,
            Duration.ofSeconds(1));

    assertThat(load.held()).isTrue();
    assertThat(load.start().getTotalCount()).isEqualTo(200);
    assertThat(load.acknowledged())
        .hasValueSatisfying(
            seen -> {
              // One each five milliseconds is one each entry here.
              assertThat(seen.getTotalCount()).isBetween(150L, 200L);
              assertThat(seen.getMinValue()).isGreaterThanOrEqualTo(load.start().getMinValue());
              assertThat(seen.getValueAtPercentile(50))
                  .isGreaterThanOrEqualTo(load.start().getValueAtPercentile(50));
            });
  }

  @Test
  void aLoadThatNobodyCanHoldIsSaidToBeSuch() throws Exception {
    Load load =
        Load.run(
            lab,
            new WorkerContender(),
            "bench:load",
            Course.ordered(1),
            100,
            2_000_000,
            Duration.ofMillis(200));

    assertThat(load.held()).isFalse();
    assertThat(load.secondsBehind()).isGreaterThan(1);
  }

  @Test
  void aWorkerTakesOverWhatADeadOneHadInHand() throws Exception {
    Findings findings = new Recovery(lab, 1).run(new WorkerContender(), List.of(new Idler()));

    assertThat(lab.gaps().table().records())
        .singleElement()
        .asString()
        .contains("recovery", "idler", "ended with status 1");
    List<Map<String, Object>> rows = findings.tables().getFirst().records();
    assertThat(rows).hasSize(3);
    assertThat(rows)
        .allSatisfy(row -> assertThat((Long) row.get("entries in flight")).isPositive());
    // Nothing is claimed before it has been idle for five seconds, unless it is handed over.
    assertThat((Double) rows.getLast().get("p50 ms")).isGreaterThan(4_500);
    assertThat((Double) rows.getFirst().get("p50 ms")).isPositive().isLessThan(4_500);
    assertThat(findings.figures()).hasSize(1);
  }

  /** Who does not come to work. */
  private static final class Idler implements Contender {
    @Override
    public String name() {
      return "idler";
    }

    @Override
    public String version() {
      return "0";
    }

    @Override
    public String configuration() {
      return "none";
    }

    @Override
    public List<String> doesNotGuarantee() {
      return List.of();
    }

    @Override
    public Child start(Lab lab, Work work, String consumer) throws IOException {
      return Child.of(lab.log(consumer), List.of("false"));
    }
  }

  @Test
  void whoDoesNotComeToWorkIsOutOfTheRaceAndItGoesOn() throws Exception {
    Limits limits = new Limits(2_000, Duration.ofSeconds(1), 2);

    List<Table> tables =
        new Throughput(lab, "Race", limits)
            .run(List.of(Course.unordered()), List.of(new Idler(), new WorkerContender()), false);

    assertThat(lab.gaps().table().records())
        .singleElement()
        .asString()
        .contains("throughput", "idler, unordered, 1 worker(s)", "ended with status 1");
    assertThat(tables.getFirst().records())
        .map(row -> row.get("contender"))
        .containsExactly("ceiling, 3 read(s) in flight", "ceiling, 1 read(s) in flight", "worker");
  }

  @Test
  void aSweepSeesAllThatIsPendingForAnotherAndTakesNone() throws Exception {
    Findings findings = new Scaling(lab, 2_000).run(List.of(100L), List.of(0L, 5_000L));

    List<Map<String, Object>> pending = findings.tables().getLast().records();
    assertThat(pending).hasSize(2);
    assertThat((Long) pending.getLast().get("calls of a sweep"))
        .isGreaterThan((Long) pending.getFirst().get("calls of a sweep"));
    assertThat((Double) pending.getLast().get("Redis ms of a sweep"))
        .isGreaterThan((Double) pending.getFirst().get("Redis ms of a sweep"));
    assertThat(pending).allSatisfy(row -> assertThat((Double) row.get("entries/s")).isPositive());
  }

  @Test
  void orderIsMeasuredByPartitionsAndByLocks() throws Exception {
    Table table = new Partitioning(lab, new Limits(2_000, Duration.ofSeconds(1), 1), 1).run();

    assertThat(table.records())
        .hasSize(4)
        .allSatisfy(
            row -> {
              assertThat((Long) row.get("entries")).isGreaterThanOrEqualTo(2_000);
              assertThat((Double) row.get("entries/s")).isPositive();
              assertThat((Double) row.get("commands/entry")).isPositive();
            });
  }

  @Test
  void whatWaitsIsMeasuredByWhatItCostsTheOthers() throws Exception {
    Findings findings = new Waiting(lab, Duration.ofMillis(500), Duration.ofSeconds(1)).run();

    assertThat(findings.tables().getFirst().records())
        .hasSize(2)
        .allSatisfy(row -> assertThat((Long) row.get("entries")).isPositive());
    assertThat(findings.tables().get(1).records())
        .hasSize(4)
        .allSatisfy(row -> assertThat((Double) row.get("entries/s")).isPositive());
    assertThat(findings.tables().getLast().records())
        .singleElement()
        .satisfies(row -> assertThat((Double) row.get("share")).isPositive());
  }

  @Test
  void whatGuardsAHandlerIsMeasuredBesideAWorkerWithoutIt() throws Exception {
    Limits limits = new Limits(2_000, Duration.ofSeconds(1), 1);

    assertThat(new Safeguards(lab, limits).run().records())
        .hasSize(2)
        .allSatisfy(row -> assertThat((Double) row.get("share")).isPositive());
  }

  /** A thousand entries of a stream that has more. */
  private Lap crowdedLap(long waiting, long held) throws Exception {
    Crowded crowded = new Crowded(new WorkerContender(), waiting, held);
    return Lap.run(lab, crowded, Work.discarding(CROWDED, false), new Messages(10), 1_000, 1);
  }

  @Test
  void whatAnotherHasInHandStaysItsOwn() throws Exception {
    Lap lap = crowdedLap(50, 300);

    assertThat(lap.entries()).isBetween(1_000L, 1_050L);
    assertThat(redis.progress(CROWDED, Lab.GROUP).pending()).isEqualTo(300);
  }

  /** Who begins at the gate does not begin behind them. */
  @Test
  void whatWaitsBehindALapIsNoneOfIt() throws Exception {
    Lap lap = crowdedLap(200_000, 0);

    assertThat(lap.entries()).isBetween(1_000L, 199_999L);
  }

  @Test
  void memoryIsSeenAsASeries() throws Exception {
    Findings findings = new Memory(lab, Duration.ofSeconds(5)).run();

    assertThat(findings.tables().getFirst().records())
        .hasSize(2)
        .allSatisfy(
            row -> {
              Double live = (Double) row.get("live MiB, last");
              assertThat(live).isPositive();
              assertThat((Double) row.get("resident MiB")).isGreaterThan(live);
            });
    assertThat(findings.figures().getFirst().chart().svg()).contains("class=\"mark\"");
  }
}
