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
 * What is done about the death of the last process of this name, before anything is begun: what it
 * had begun with is suspected, whoever has it now.
 *
 * @param lastLife what is known of that process
 * @param records where it is noted
 */
public record Aftermath(LastLife lastLife, SuspectRecords records, SuspectMetrics metrics) {

  private static final Logger LOG = LoggerFactory.getLogger(Aftermath.class);

  /**
   * Notes the suspects of these streams; may be called again.
   *
   * @throws RuntimeException of the client when Redis does not answer, or takes no writes from
   *     anybody now
   */
  public void of(Collection<StreamConsumer> streams) {
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
              "the last process of this name died while handlers were at work: the messages that"
                  + " they had begun with are tried again apart from all others");
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
      // An ACL, or something else under the key: it will not be otherwise the next time.
      LOG.atWarn()
          .addKeyValue("stream", stream.stream())
          .addKeyValue("failure", Failures.line(e))
          .log("which messages may have killed a worker cannot be noted in Redis");
    }
  }
}
