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
import java.util.Collection;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Parses the messages to emit in an answer: {@code {"outbound":[{"platform":"…","payload":{…}}]}}.
 *
 * <p>Frameworks answer {@code null}, {@code "ok"} or {@code {}} if a function returns nothing:
 * these emit nothing. A malformed list of messages is an error, since a message would be lost
 * silently.
 */
final class EmittedMessages {

  /**
   * The limit of values, names and brackets of an answer: each becomes an object, and the smallest
   * takes ten times as much memory as its JSON.
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

  /** The key of the messages in an answer. */
  static final String OUTBOUND = "outbound";

  private static final Set<String> ANSWER_KEYS = Set.of(OUTBOUND);

  private static final Set<String> MESSAGE_KEYS = Set.of("platform", "payload");

  /** All known keys of both levels. */
  static final List<String> KEYS =
      Stream.concat(ANSWER_KEYS.stream(), MESSAGE_KEYS.stream()).toList();

  private EmittedMessages() {}

  /**
   * Parses the body of an answer whose content type is JSON.
   *
   * @throws PermanentFailure if it is invalid; the message says what is wrong and where, and never
   *     quotes the body
   */
  static List<OutboundMessage> read(byte[] body) throws PermanentFailure {
    return body.length == 0 ? List.of() : read(new ByteArrayInputStream(body), key -> {});
  }

  /**
   * Parses a body that is not empty.
   *
   * @param unknown called with each unknown key
   * @throws PermanentFailure as {@link #read(byte[])} does
   */
  static List<OutboundMessage> read(InputStream body, Consumer<String> unknown)
      throws PermanentFailure {
    return switch (parse(body)) {
      case Map<?, ?> answer -> {
        reportUnknown(answer, ANSWER_KEYS, unknown);
        yield messages(answer.get(OUTBOUND), unknown);
      }
      case List<?> _ ->
          throw new PermanentFailure(
              "the answer is a JSON array; messages to emit must be in an object, under"
                  + " \"outbound\"");
      case null, default -> List.of();
    };
  }

  /**
   * Parses JSON into maps, lists and values.
   *
   * @throws PermanentFailure as {@link #read(byte[])} does
   */
  static @Nullable Object parse(InputStream body) throws PermanentFailure {
    try {
      return JSON.readValue(body);
    } catch (StreamConstraintsException e) {
      throw new PermanentFailure(
          "the answer exceeds a limit of the JSON parser: " + e.getOriginalMessage());
    } catch (JsonProcessingException e) {
      // Neither Jackson's text nor its exception, since both quote the body.
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

  /** Calls the last parameter with each key of an object that is not known. */
  static void reportUnknown(Map<?, ?> object, Collection<String> known, Consumer<String> unknown) {
    for (Object key : object.keySet()) {
      if (!known.contains(key)) {
        unknown.accept((String) key);
      }
    }
  }

  /**
   * The messages of a parsed list, none if it is null.
   *
   * @param unknown called with each unknown key
   * @throws PermanentFailure as {@link #read(byte[])} does
   */
  static List<OutboundMessage> messages(@Nullable Object outbound, Consumer<String> unknown)
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
      default -> throw wrong(OUTBOUND, "must be an array");
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
    reportUnknown(message, MESSAGE_KEYS, unknown);
    return new OutboundMessage(platform, fields(payload, path + ".payload"));
  }

  /** Converts in place rather than into a copy, since an answer may be long. */
  private static Map<String, Object> fields(Map<?, ?> object, String path) throws PermanentFailure {
    @SuppressWarnings("unchecked") // keys of JSON are strings
    Map<String, Object> fields = (Map<String, Object>) object;
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      field.setValue(plain(field.getValue(), path));
    }
    return fields;
  }

  private static List<?> elements(List<?> array, String path) throws PermanentFailure {
    @SuppressWarnings("unchecked") // Jackson makes lists of objects
    ListIterator<Object> elements = (ListIterator<Object>) array.listIterator();
    while (elements.hasNext()) {
      elements.set(plain(elements.next(), path));
    }
    return array;
  }

  /** A value of the types of {@link io.streamfleet.handler.Payload#toMap()}, which msgpack has. */
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
