package io.streamfleet.worker.handle;

import io.streamfleet.api.schema.Spelling;
import io.streamfleet.worker.entry.AnswerWarning;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs HTTP answers that are accepted but look like a mistake, such as a misspelled key.
 * Otherwise nobody would notice, since the message counts as handled. Each answer is counted, and
 * each kind is logged once. Thread-safe.
 */
public final class AnswerWarnings {

  private static final Logger LOG = LoggerFactory.getLogger(AnswerWarnings.class);

  /** Keys come from outside: more different ones than that are no typing errors. */
  private static final int MOST_LOGGED = 100;

  /** Characters of a key in the log: longer ones are texts rather than names. */
  private static final int LONGEST_KEY = 60;

  private final Consumer<AnswerWarning> counter;
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  /**
   * @param counter called for each answer
   */
  public AnswerWarnings(Consumer<AnswerWarning> counter) {
    this.counter = counter;
  }

  /** The messages in an answer have a key that is ignored. */
  void unknownKey(Endpoint endpoint, String key) {
    unknownKey(
        endpoint,
        key,
        EmittedMessages.KEYS,
        "outbound, and platform and payload in each of its messages");
  }

  /**
   * An answer has a key that is ignored.
   *
   * @param listed the known keys in words
   */
  void unknownKey(Endpoint endpoint, String key, List<String> known, String listed) {
    counter.accept(AnswerWarning.UNKNOWN_KEY);
    String some = key.length() > LONGEST_KEY ? key.substring(0, LONGEST_KEY) + "…" : key;
    if (isFirst("key " + endpoint + ' ' + some)) {
      LOG.atWarn()
          .addKeyValue("endpoint", endpoint)
          .addKeyValue("key", some)
          .log(
              "an answer has an unknown key, which is ignored{}; known keys are {}. This is logged"
                  + " once",
              Spelling.hint(some, known),
              listed);
    }
  }

  /** The answer to a batch has a result for an event that was not sent, which is ignored. */
  void unknownEvent(Endpoint endpoint) {
    counter.accept(AnswerWarning.UNKNOWN_EVENT);
    if (isFirst("event " + endpoint)) {
      LOG.atWarn()
          .addKeyValue("endpoint", endpoint)
          .log(
              "the answer to a batch has a result without the source and id of one of its events;"
                  + " it is ignored. This is logged once");
    }
  }

  /** An answer has a body that is not JSON, which is ignored. */
  void notJson(Endpoint endpoint, String contentType) {
    counter.accept(AnswerWarning.NOT_JSON);
    if (isFirst("type " + endpoint)) {
      LOG.atWarn()
          .addKeyValue("endpoint", endpoint)
          .addKeyValue("content_type", contentType)
          .log(
              "the body of an answer is ignored: only a body with the content type application/json"
                  + " can emit messages. This is logged once");
    }
  }

  private boolean isFirst(String what) {
    return logged.size() < MOST_LOGGED && logged.add(what);
  }
}
