package io.streamfleet.worker.breaker;

import static org.awaitility.Awaitility.await;

import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.TestWorker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an outage costs, with the defaults of a manifest: prints a line for each kind. Not among the
 * tests, since it takes minutes and asserts nothing:
 *
 * <pre>mvn verify -pl worker -am -Dtest=OutageMeasurement -Doutage.seconds=60
 * -Dsurefire.failIfNoSpecifiedTests=false -Dcoverage.minimum=0</pre>
 */
class OutageMeasurement {

  private static final int RATE = 500;

  private static final long SECONDS = Long.getLong("outage.seconds", 60);

  /** Calls of a handler that hangs take so long. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  enum Kind {
    AWAY,
    SAYS_503,
    HANGS_UP,
    SAYS_500,
    HANGS
  }

  @ParameterizedTest
  @CsvSource({
    "AWAY, None",
    "SAYS_503, None",
    "HANGS_UP, None",
    "SAYS_500, None",
    "HANGS, None",
    "AWAY, Channel",
    "SAYS_500, Channel"
  })
  void anOutage(Kind kind, String mode) throws Exception {
    AtomicBoolean ill = new AtomicBoolean();
    try (Fleet fleet = new Fleet();
        Bot bot = Bot.there().behaves(_ -> behave(kind, ill))) {
      TestWorker worker =
          fleet.worker(
              "w1",
              QuickManifest.calm()
                  .ordering("{mode: " + mode + "}")
                  .with("retry", "{}")
                  .with("autoclaim", "{}"),
              bot.handler("w1", TIMEOUT));
      AtomicBoolean publishing = new AtomicBoolean(true);
      Thread publisher = Thread.ofPlatform().start(() -> publish(fleet, publishing));
      TimeUnit.SECONDS.sleep(5);
      begin(kind, bot, ill);
      long from = System.nanoTime();
      TimeUnit.SECONDS.sleep(SECONDS);
      List<Bot.Request> during =
          since(bot, from + TimeUnit.SECONDS.toNanos(TIMEOUT.toSeconds() + 2));
      end(kind, bot, ill);
      long back = System.nanoTime();
      await().atMost(Duration.ofSeconds(60)).until(() -> !since(bot, back).isEmpty());
      long first = since(bot, back).getFirst().at() - back;
      publishing.set(false);
      publisher.join();
      await().atMost(Duration.ofMinutes(2)).until(fleet::hasNothingPending);
      long more = bot.requests().stream().filter(request -> request.attempt() > 1).count();
      System.out.printf(
          "OUTAGE %s %s: %d s at %d/s: %d dead letters, first call %d ms after it was back, %d calls"
              + " while it lasted, %d calls in a later attempt, opened %d times%n",
          kind,
          mode,
          SECONDS,
          RATE,
          GroupView.entries(fleet.traffic(), "dlq").size(),
          TimeUnit.NANOSECONDS.toMillis(first),
          during.size(),
          more,
          (long)
              (worker.metric(
                      "streamfleet_breaker_opened_total",
                      "endpoint",
                      bot.origin(),
                      "cause",
                      "unavailable")
                  + worker.metric(
                      "streamfleet_breaker_opened_total",
                      "endpoint",
                      bot.origin(),
                      "cause",
                      "failing")));
    }
  }

  private static int behave(Kind kind, AtomicBoolean ill) throws InterruptedException {
    if (!ill.get()) {
      return 204;
    }
    return switch (kind) {
      case AWAY, HANGS_UP -> Bot.HANGS_UP;
      case SAYS_503 -> 503;
      case SAYS_500 -> 500;
      case HANGS -> {
        TimeUnit.SECONDS.sleep(TIMEOUT.toSeconds() + 1);
        yield Bot.HANGS_UP;
      }
    };
  }

  private static void begin(Kind kind, Bot bot, AtomicBoolean ill) {
    ill.set(true);
    if (kind == Kind.AWAY) {
      bot.goes();
    }
  }

  private static void end(Kind kind, Bot bot, AtomicBoolean ill) {
    ill.set(false);
    if (kind == Kind.AWAY) {
      bot.comes();
    }
  }

  private static List<Bot.Request> since(Bot bot, long at) {
    return bot.requests().stream().filter(request -> request.at() - at >= 0).toList();
  }

  private static void publish(Fleet fleet, AtomicBoolean on) {
    long begin = System.nanoTime();
    for (long n = 0; on.get(); n++) {
      while (System.nanoTime() - begin < n * TimeUnit.SECONDS.toNanos(1) / RATE) {
        LockSupport.parkNanos(100_000);
      }
      fleet.publish("c" + n % 100);
    }
  }
}
