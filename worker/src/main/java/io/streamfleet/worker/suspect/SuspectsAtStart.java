package io.streamfleet.worker.suspect;

import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Failures;
import io.streamfleet.worker.begun.BegunEntry;
import io.streamfleet.worker.begun.LastLife;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.metrics.SuspectMetrics;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the suspects of a previous process that died, before this one starts any entry: the
 * entries whose handlers were running, whichever consumer they are pending for now.
 *
 * @param lastLife what is known of the previous process
 * @param records stores suspects in Redis
 */
public record SuspectsAtStart(LastLife lastLife, SuspectRecords records, SuspectMetrics metrics) {

  private static final Logger LOG = LoggerFactory.getLogger(SuspectsAtStart.class);

  /**
   * Stores the suspects of these streams. Idempotent.
   *
   * @throws RuntimeException of the Redis client if Redis does not answer or refuses all writes
   */
  public void record(Collection<StreamConsumer> streams) {
    if (!lastLife.died()) {
      return;
    }
    int suspects = 0;
    for (StreamConsumer stream : streams) {
      long number = BegunEntry.numberOf(stream.consumerGroup());
      Map<EntryId, Integer> deaths = new HashMap<>();
      for (BegunEntry entry : lastLife.begun()) {
        if (entry.group() == number) {
          deaths.put(entry.id(), entry.deaths() + 1);
        }
      }
      accuse(stream, deaths);
      suspects += deaths.size();
    }
    metrics.suspected(SuspectMetrics.Of.WORKER, suspects);
    if (suspects > 0) {
      LOG.atWarn()
          .addKeyValue("suspects", suspects)
          .log(
              "the previous process of this name died while handlers were running: their messages"
                  + " are tried again separately from all others");
    }
  }

  private void accuse(StreamConsumer stream, Map<EntryId, Integer> deaths) {
    if (deaths.isEmpty()) {
      return;
    }
    try {
      records.accuse(stream, deaths).join();
    } catch (CompletionException e) {
      if (!Failures.isWrongType(e) && !Failures.isForbidden(e)) {
        throw e;
      }
      // An ACL forbids it, or the key has another type: a retry would fail as well.
      LOG.atWarn()
          .addKeyValue("stream", stream.stream())
          .addKeyValue("failure", Failures.line(e))
          .log("cannot store in Redis which messages may have killed a worker");
    }
  }
}
