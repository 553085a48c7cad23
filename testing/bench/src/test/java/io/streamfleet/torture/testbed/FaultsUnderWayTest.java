package io.streamfleet.torture.testbed;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class FaultsUnderWayTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final FaultsUnderWay underWay = new FaultsUnderWay();

  @Test
  void aFaultThatCannotBeCarriedOutFailsTheRun() {
    underWay.start(
        "Failover",
        () -> {
          throw new IllegalStateException("there is no replica");
        });

    assertThatThrownBy(() -> underWay.awaitAll(PATIENCE))
        .isInstanceOf(RunAborted.class)
        .hasMessageContainingAll("Failover could not be carried out", "there is no replica");
    assertThatThrownBy(underWay::check).isInstanceOf(RunAborted.class);
  }

  @Test
  void aFaultThatIsNeverOverFailsTheRun() {
    CountDownLatch never = new CountDownLatch(1);
    underWay.start("Roll", never::await);

    assertThatThrownBy(() -> underWay.awaitAll(Duration.ofMillis(1)))
        .isInstanceOf(RunAborted.class)
        .hasMessageContainingAll("Roll", "is not over");
    never.countDown();
  }

  @Test
  void faultsThatAreOverLeaveNothingBehind() {
    underWay.start("Kill", () -> {});

    assertThatCode(() -> underWay.awaitAll(PATIENCE)).doesNotThrowAnyException();
  }
}
