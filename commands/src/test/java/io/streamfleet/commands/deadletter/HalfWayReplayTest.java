package io.streamfleet.commands.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.Range;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.fleet.FewRights;
import io.streamfleet.worker.fleet.Traffic;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The scripts of a replay write several keys: if a later write is refused, nothing is done twice.
 */
class HalfWayReplayTest {

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());

  @AfterEach
  void close() {
    traffic.close();
    redis.close();
  }

  @Test
  void replayWithoutTheRightToDeleteDoesNotAppend() {
    traffic.redis().xadd("dlq", Map.of("data", Traffic.text("x")));
    String letter = traffic.redis().xrange("dlq", Range.unbounded()).getFirst().getId();
    as(
        "-@all +evalsha +eval +xrange +xadd",
        link ->
            assertThatThrownBy(
                    () ->
                        link.eval(
                                Script.beside(Replay.class, "replay.lua"),
                                List.of("dlq", "in"),
                                args -> args.add(letter))
                            .join())
                .hasMessageContaining("XDEL"));

    assertThat(traffic.redis().exists("in")).isZero();
  }

  @Test
  void replayToAnotherSlotDoesNotAppendIfTheMarkIsRefused() {
    as(
        "-@all +evalsha +eval +get +xadd +xdel",
        link -> {
          for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(
                    () ->
                        link.eval(
                                Script.beside(Replay.class, "append_once.lua"),
                                List.of("in", "in:mark"),
                                args -> args.add(60).add("data").add("x"))
                            .join())
                .hasMessageContaining("run this command");
          }
        });

    assertThat(traffic.redis().xlen("in")).isZero();
    assertThat(traffic.redis().exists("in:mark")).isZero();
  }

  /** Runs an action as a user with these rights. */
  private void as(String rights, Consumer<Link> deed) {
    FewRights.as(redis.url(), traffic, rights, deed);
  }
}
