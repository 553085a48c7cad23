package io.streamfleet.worker.handle;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to a batch: an array with a result for each event, which is found by its source
 * and id. A result that is missing, there twice or malformed costs only its own message.
 *
 * @param doubts notified of results for events that were not sent, and of unknown keys
 */
record BatchAnswer(Endpoint endpoint, HttpFailures failures, AnswerWarnings doubts) {

  /** The result of one message. */
  sealed interface Result {
    record Done(Handled handled) implements Result {}

    record Failed(Exception failure) implements Result {}
  }

  private static final String ID = "id";
  private static final String SOURCE = "source";
  private static final String STATUS = "status";
  private static final String RETRY_AFTER = "retryAfter";
  private static final String ERROR = "error";
  private static final String LIMITED = "limited";

  /** All keys of a result. */
  private static final List<String> KEYS =
      List.of(ID, SOURCE, STATUS, EmittedMessages.OUTBOUND, RETRY_AFTER, ERROR, LIMITED);

  /** The value of {@code limited} by which a 429 is about the message's channel only. */
  private static final String BY_CHANNEL = "channel";

  /** Characters of an error in the log and the dead letter: longer ones contain payloads. */
  private static final int LONGEST_ERROR = 300;

  private static final int FIRST_STATUS = 200;

  private static final int LAST_STATUS = 599;

  private static final int FIRST_FAILURE = 300;

  /** The longest wait in seconds that is not refused as a mistake: a year. */
  private static final double LONGEST_WAIT = 365 * 24 * 3600.0;

  /** What identifies an event. */
  private record Key(String source, String id) {}

  /**
   * The results of these messages, in their order. Without a body, all of them are handled.
   *
   * @throws PermanentFailure if the answer cannot be used for any of them
   */
  List<Result> read(AnswerBody answer, List<? extends Message> messages) throws PermanentFailure {
    Object parsed = answer.isEmpty() ? null : EmittedMessages.parse(answer.read());
    return switch (parsed) {
      case List<?> results -> results(results, messages);
      case Map<?, ?> _ ->
          throw new PermanentFailure(
              "the answer to a batch is a JSON object; it must be an array with a result for each"
                  + " event");
      case null, default -> messages.stream().<Result>map(_ -> done(Handled.nothing())).toList();
    };
  }

  private List<Result> results(List<?> all, List<? extends Message> messages) {
    Map<Key, List<Map<?, ?>>> byEvent = HashMap.newHashMap(messages.size());
    for (Message message : messages) {
      byEvent.put(new Key(CloudEvent.source(message.stream()), message.id()), new ArrayList<>(1));
    }
    for (Object each : all) {
      List<Map<?, ?>> found = each instanceof Map<?, ?> it ? byEvent.get(key(it)) : null;
      if (found == null) {
        doubts.unknownEvent(endpoint);
      } else {
        found.add((Map<?, ?>) each);
      }
    }
    List<Result> results = new ArrayList<>(messages.size());
    for (Message message : messages) {
      Key key = new Key(CloudEvent.source(message.stream()), message.id());
      results.add(one(byEvent.getOrDefault(key, List.of()), messages.size()));
    }
    return results;
  }

  private static Key key(Map<?, ?> result) {
    return new Key(
        result.get(SOURCE) instanceof String it ? it : "",
        result.get(ID) instanceof String it ? it : "");
  }

  private Result one(List<Map<?, ?>> found, int messages) {
    if (found.size() == 1) {
      return result(found.getFirst());
    }
    return new Result.Failed(
        new TransientFailure(
            endpoint
                + ": the answer to a batch of "
                + messages
                + (found.isEmpty()
                    ? " has no result with this event's source and id"
                    : " has " + found.size() + " results for this event")));
  }

  private Result result(Map<?, ?> result) {
    EmittedMessages.reportUnknown(
        result, KEYS, key -> doubts.unknownKey(endpoint, key, KEYS, String.join(", ", KEYS)));
    if (!(result.get(STATUS) instanceof Integer status)
        || status < FIRST_STATUS
        || status > LAST_STATUS) {
      return unusable("status must be a number from 200 to 599");
    }
    if (status < FIRST_FAILURE) {
      try {
        return done(
            new Handled(
                EmittedMessages.messages(
                    result.get(EmittedMessages.OUTBOUND),
                    key -> doubts.unknownKey(endpoint, key))));
      } catch (PermanentFailure e) {
        return new Result.Failed(new PermanentFailure(endpoint + ": " + e.getMessage()));
      }
    }
    return failures
        .of(
            status,
            wait(result.get(RETRY_AFTER)),
            BY_CHANNEL.equals(result.get(LIMITED)),
            endpoint + " answered " + status + " for the event" + error(result.get(ERROR)))
        .<Result>map(Result.Failed::new)
        .orElseGet(() -> done(Handled.nothing()));
  }

  private static Result done(Handled handled) {
    return new Result.Done(handled);
  }

  private Result unusable(String rule) {
    return new Result.Failed(
        new PermanentFailure(endpoint + ": the result of the event cannot be used: " + rule));
  }

  /** Seconds, or a text as in the header {@code Retry-After}; anything else counts as not sent. */
  private Optional<Duration> wait(@Nullable Object asked) {
    return switch (asked) {
      case Number it when it.doubleValue() >= 0 && it.doubleValue() <= LONGEST_WAIT ->
          Optional.of(Duration.ofMillis(Math.round(it.doubleValue() * 1000)));
      case String it -> RetryAfter.of(Optional.of(it), failures.clock());
      case null, default -> Optional.empty();
    };
  }

  private static String error(@Nullable Object error) {
    if (!(error instanceof String text) || text.isBlank()) {
      return "";
    }
    String some = text.length() > LONGEST_ERROR ? text.substring(0, LONGEST_ERROR) + "…" : text;
    return ": " + some.replaceAll("\\R", " ");
  }
}
