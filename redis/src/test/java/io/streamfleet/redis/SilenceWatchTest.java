package io.streamfleet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A server that takes requests and answers none is left. */
class SilenceWatchTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final AtomicLong clock = new AtomicLong();
  private final EmbeddedChannel channel = new EmbeddedChannel(new SilenceWatch(LIMIT, clock::get));

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
    channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void whoAnswersNothingIsLeftAfterTheLimit() {
    channel.writeOutbound("request");
    pass(LIMIT);
    assertThat(channel.isOpen()).isTrue();

    pass(Duration.ofSeconds(1));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whoWasNotAskedMayBeSilent() {
    pass(LIMIT.multipliedBy(2));

    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void anyAnswerIsASignOfLife() {
    channel.writeOutbound("request");
    pass(LIMIT);
    channel.writeInbound("reply");
    pass(LIMIT);
    channel.writeOutbound("request");
    pass(LIMIT);

    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void theLimitCountsFromTheFirstRequestThatGotNoAnswer() {
    channel.writeOutbound("first");
    pass(LIMIT);
    channel.writeOutbound("second");
    pass(Duration.ofSeconds(1));

    assertThat(channel.isOpen()).isFalse();
  }
}
