package io.streamfleet.worker.handle;

import io.streamfleet.api.schema.Spelling;
import io.streamfleet.worker.entry.AnswerWarning;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of answers over HTTP that are taken as they are, though their author seems to have meant
 * something else: nobody would hear of it otherwise, for the message is handled. Each is counted,
 * and each kind of them told once. Any thread may call.
 */
public final class AnswerWarnings {

  private static final Logger LOG = LoggerFactory.getLogger(AnswerWarnings.class);

  /** Keys come from outside: more different ones than that are no slips of the pen. */
  private static final int MOST_TOLD = 100;

  /** A name in a log, not a text. */
  private static final int LONGEST_KEY = 60;

  private final Consumer<AnswerWarning> counter;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * @param counter hears of each
   */
  public AnswerWarnings(Consumer<AnswerWarning> counter) {
    this.counter = counter;
  }

  /** An answer has a key that is ignored. */
  void unknownKey(Endpoint endpoint, String key) {
    counter.accept(AnswerWarning.UNKNOWN_KEY);
    String some = key.length() > LONGEST_KEY ? key.substring(0, LONGEST_KEY) + "…" : key;
    if (isNews("key " + endpoint + ' ' + some)) {
      LOG.atWarn()
          .addKeyValue("endpoint", endpoint)
          .addKeyValue("key", some)
          .log(
              "an answer has a key that is ignored{}; known are outbound, and in each message of it"
                  + " platform and payload. This is told once",
              Spelling.hint(some, EmittedMessages.KEYS));
    }
  }

  /** An answer has a body of another kind than JSON, which is ignored. */
  void notJson(Endpoint endpoint, String contentType) {
    counter.accept(AnswerWarning.NOT_JSON);
    if (isNews("type " + endpoint)) {
      LOG.atWarn()
          .addKeyValue("endpoint", endpoint)
          .addKeyValue("content_type", contentType)
          .log(
              "the body of an answer is ignored: only one with the content type application/json"
                  + " can emit messages. This is told once");
    }
  }

  private boolean isNews(String what) {
    return told.size() < MOST_TOLD && told.add(what);
  }
}
