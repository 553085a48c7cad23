package io.streamfleet.worker.pipeline;

import io.lettuce.core.RedisException;
import io.streamfleet.redis.Failures;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the groups before anything is read. If Redis refuses one stream, such as a key of another
 * type, the others are not affected: the refusal is logged, the stream's reader retries, and the
 * worker is not ready meanwhile.
 */
public final class GroupsAtStart {

  private static final Logger LOG = LoggerFactory.getLogger(GroupsAtStart.class);

  private GroupsAtStart() {}

  /**
   * Creates the groups of all pipelines.
   *
   * @throws RuntimeException of the Redis client if Redis does not answer in time, refuses all
   *     commands, or refuses every stream
   */
  public static void create(List<Pipeline> consumers) {
    Map<StreamIntake, Throwable> refused = new LinkedHashMap<>();
    boolean any = false;
    for (Pipeline consumer : consumers) {
      for (StreamIntake intake : consumer.path().intakes()) {
        try {
          intake.parts().recovery().begin().join();
          any = true;
        } catch (CompletionException e) {
          if (!Failures.isOfOneKey(e)) {
            throw e;
          }
          refused.put(intake, Failures.cause(e));
        }
      }
    }
    if (!any) {
      throw new RedisException(
          refused.entrySet().stream()
              .map(it -> line(it.getKey(), it.getValue()))
              .collect(Collectors.joining("; ")));
    }
    refused.forEach(
        (intake, failure) -> {
          LOG.atWarn()
              .addKeyValue("failure", line(intake, failure))
              .log("cannot read a stream for now; the other streams are read");
          intake.parts().recovery().refusedAtStart(failure);
        });
  }

  private static String line(StreamIntake intake, Throwable failure) {
    StreamConsumer stream = intake.stream();
    return "stream %s, group %s: %s"
        .formatted(stream.stream(), stream.group(), Failures.line(failure));
  }
}
