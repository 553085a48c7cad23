package io.streamfleet.redis.group;

import static io.streamfleet.redis.Patience.failure;
import static io.streamfleet.redis.Patience.result;
import static io.streamfleet.redis.group.Laboratory.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who listens can be told, and who can be told is heard of. */
class NoticeChannelsTest {

  private final Laboratory lab = new Laboratory();
  private final NoticeChannels notices = new NoticeChannels("sg:notice");

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void channelsAreNamedForTheGroupAndForEachConsumer() {
    assertThat(notices.ofGroup(GROUP)).isEqualTo("sg:notice:in:g");
    assertThat(notices.ofConsumer(GROUP, "pod-1")).isEqualTo("sg:notice:in:g:pod-1");
    assertThat(notices.consumerPrefix(GROUP) + "pod-1")
        .isEqualTo(notices.ofConsumer(GROUP, "pod-1"));
  }

  @Test
  void aConsumerListensWhileItIsConnected() {
    assertThat(result(notices.isListening(lab.link(), GROUP, "w"))).contains(false);

    lab.listen("sg:notice:in:g:w");

    assertThat(result(notices.isListening(lab.link(), GROUP, "w"))).contains(true);
    assertThat(result(notices.isListening(lab.link(), GROUP, "other"))).contains(false);
  }

  @Test
  void whereTheQuestionIsForbiddenNobodyKnows() {
    lab.redis().aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.PUBSUB));

    assertThat(result(notices.isListening(lab.link(), GROUP, "w"))).isEmpty();
  }

  @Test
  void aServerThatDoesNotAnswerIsAFailureAndNotASilence() {
    lab.server().pause();
    try {
      assertThat(failure(notices.isListening(lab.link(), GROUP, "w")))
          .isInstanceOf(io.lettuce.core.RedisCommandTimeoutException.class);
    } finally {
      lab.server().resume();
    }
  }

  @Test
  void howManyHeardIsTold() {
    assertThat(result(notices.sweep(lab.link(), GROUP))).isZero();
    lab.listen("sg:notice:in:g");
    assertThat(result(notices.sweep(lab.link(), GROUP))).isEqualTo(1);
  }
}
