package io.streamfleet.worker.handle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.handler.PermanentFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The messages that an answer asks to emit: {@code {"outbound":[{"platform":"…","payload":{…}}]}}.
 *
 * <p>Frameworks answer {@code null}, {@code "ok"} or {@code {}} where a function returns nothing of
 * interest: these emit nothing. What looks like an attempt to emit and is not one is an error, for
 * a message would be lost without a word.
 */
final class EmittedMessages {

  /**
   * Values, names and brackets of an answer at the most: each becomes an object, of which the
   * smallest takes ten times as much memory as it has bytes here.
   */
  private static final int MOST_TOKENS = 500_000;

  private static final ObjectReader JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(Object.class);

  private static final Set<String> ANSWER_KEYS = Set.of("outbound");

  private static final Set<String> MESSAGE_KEYS = Set.of("platform", "payload");

  /** All that mean something, wherever they stand. */
  static final List<String> KEYS =
      Stream.concat(ANSWER_KEYS.stream(), MESSAGE_KEYS.stream()).toList();

  private EmittedMessages() {}

  /**
   * Reads the body of an answer that is JSON by its content type.
   *
   * @throws PermanentFailure saying what is wrong and where, never what the body holds
   */
  static List<OutboundMessage> read(byte[] body) throws PermanentFailure {
    return body.length == 0 ? List.of() : read(new ByteArrayInputStream(body), key -> {});
  }

  /**
   * The same of a body that is not empty.
   *
   * @param unknown hears of keys that mean nothing here
   */
  static List<OutboundMessage> read(InputStream body, Consumer<String> unknown)
      throws PermanentFailure {
    return switch (parse(body)) {
      case Map<?, ?> answer -> {
        tell(answer, ANSWER_KEYS, unknown);
        yield messages(answer.get("outbound"), unknown);
      }
      case List<?> _ ->
          throw new PermanentFailure(
              "the answer is a JSON array; messages to emit belong into an object, under"
                  + " \"outbound\"");
      case null, default -> List.of();
    };
  }

  private static @Nullable Object parse(InputStream body) throws PermanentFailure {
    try {
      return JSON.readValue(body);
    } catch (StreamConstraintsException e) {
      throw new PermanentFailure(
          "the answer goes beyond a limit of what is read: " + e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      // Jackson's own text, and so the cause, quotes the body.
      throw new PermanentFailure("the answer is not well-formed JSON" + where(e.getLocation()));
    } catch (IOException e) {
      throw new PermanentFailure("the answer is not well-formed JSON: its encoding is broken");
    }
  }

  private static String where(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : ": error at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static void tell(Map<?, ?> object, Set<String> known, Consumer<String> unknown) {
    for (Object key : object.keySet()) {
      if (!known.contains(key)) {
        unknown.accept((String) key);
      }
    }
  }

  private static List<OutboundMessage> messages(@Nullable Object outbound, Consumer<String> unknown)
      throws PermanentFailure {
    return switch (outbound) {
      case null -> List.of();
      case List<?> elements -> {
        List<OutboundMessage> messages = new ArrayList<>(elements.size());
        for (Object element : elements) {
          messages.add(message(element, "outbound[" + messages.size() + "]", unknown));
        }
        yield messages;
      }
      default -> throw wrong("outbound", "must be an array");
    };
  }

  private static OutboundMessage message(
      @Nullable Object element, String path, Consumer<String> unknown) throws PermanentFailure {
    if (!(element instanceof Map<?, ?> message)) {
      throw wrong(path, "must be an object");
    }
    if (!(message.get("platform") instanceof String platform) || !PlatformName.isValid(platform)) {
      throw wrong(path + ".platform", "must be a platform's name (" + PlatformName.RULE + ")");
    }
    if (!(message.get("payload") instanceof Map<?, ?> payload)) {
      throw wrong(path + ".payload", "must be an object");
    }
    tell(message, MESSAGE_KEYS, unknown);
    return new OutboundMessage(platform, fields(payload, path + ".payload"));
  }

  /** Made plain in its place: an answer may be long, and nobody else has what was read of it. */
  private static Map<String, Object> fields(Map<?, ?> object, String path) throws PermanentFailure {
    @SuppressWarnings("unchecked") // JSON has no other keys
    Map<String, Object> fields = (Map<String, Object>) object;
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      field.setValue(plain(field.getValue(), path));
    }
    return fields;
  }

  private static List<?> elements(List<?> array, String path) throws PermanentFailure {
    @SuppressWarnings("unchecked") // what was read of JSON holds anything
    ListIterator<Object> elements = (ListIterator<Object>) array.listIterator();
    while (elements.hasNext()) {
      elements.set(plain(elements.next(), path));
    }
    return array;
  }

  /** A value as in {@link io.streamfleet.handler.Payload#toMap()}, which msgpack can write. */
  private static @Nullable Object plain(@Nullable Object value, String path)
      throws PermanentFailure {
    return switch (value) {
      case Integer number -> number.longValue();
      case BigInteger number -> {
        if (number.signum() < 0 || number.bitLength() > Long.SIZE) {
          throw wrong(path, "has a whole number of more than 64 bits");
        }
        yield number;
      }
      case Map<?, ?> object -> fields(object, path);
      case List<?> array -> elements(array, path);
      case null, default -> value;
    };
  }

  private static PermanentFailure wrong(String path, String rule) {
    return new PermanentFailure("the answer's " + path + " " + rule);
  }
}
