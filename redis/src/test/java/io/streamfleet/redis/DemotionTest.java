package io.streamfleet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisReadOnlyException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DemotionTest {

  private final RedisReadOnlyException readOnly =
      new RedisReadOnlyException("READONLY You can't write against a read only replica.");

  private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 5);
  private final Demotion demotion = new Demotion(time::get);

  @Test
  void theFirstOfManyRefusalsIsAReasonToLeaveAtOnce() {
    assertThat(demotion.isReasonToLeave(readOnly)).isTrue();
    assertThat(demotion.isReasonToLeave(readOnly)).isFalse();
    time.addAndGet(Demotion.MIN_INTERVAL.toNanos() - 1);
    assertThat(demotion.isReasonToLeave(readOnly)).isFalse();
  }

  @Test
  void afterAWhileItIsOneAgain() {
    demotion.isReasonToLeave(readOnly);
    time.addAndGet(Demotion.MIN_INTERVAL.toNanos());

    assertThat(demotion.isReasonToLeave(readOnly)).isTrue();
    assertThat(demotion.isReasonToLeave(readOnly)).isFalse();
  }

  @Test
  void otherRefusalsAreNone() {
    assertThat(demotion.isReasonToLeave(new RedisCommandExecutionException("OOM full"))).isFalse();
    assertThat(demotion.isReasonToLeave(readOnly)).isTrue();
  }
}
