package io.streamfleet.worker.pipeline;

import io.lettuce.core.RedisException;
import io.streamfleet.redis.Failures;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the groups exist before anything is read. What Redis has against one stream, such
 * as a key that holds something else, does not keep the others waiting: that stream is named, and
 * tried again by whoever reads it, and the worker is not ready meanwhile.
 */
public final class GroupsAtStart {

  private static final Logger LOG = LoggerFactory.getLogger(GroupsAtStart.class);

  private GroupsAtStart() {}

  /**
   * Creates the groups of all pipelines.
   *
   * @throws RuntimeException of the client when Redis does not answer in time, can do nothing for
   *     anybody now, or refuses every stream
   */
  public static void create(List<Pipeline> consumers) {
    List<String> refused = new ArrayList<>();
    boolean any = false;
    for (Pipeline consumer : consumers) {
      for (StreamIntake intake : consumer.path().intakes()) {
        StreamConsumer stream = intake.stream();
        try {
          intake.parts().recovery().begin().join();
          any = true;
        } catch (CompletionException e) {
          if (!Failures.isOfOneKey(e)) {
            throw e;
          }
          refused.add(
              "stream %s, group %s: %s"
                  .formatted(stream.stream(), stream.group(), Failures.line(e)));
        }
      }
    }
    if (!any) {
      throw new RedisException(String.join("; ", refused));
    }
    refused.forEach(
        refusal ->
            LOG.atWarn()
                .addKeyValue("failure", refusal)
                .log("a stream cannot be read for now; the others are"));
  }
}
