package io.streamfleet.worker.handle;

import io.streamfleet.handler.Message;
import io.streamfleet.handler.Payload;
import io.streamfleet.wire.WirePayload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The body of a request with a batch: an array of events in the JSON format of CloudEvents 1.0,
 * section 4. Used by one thread.
 *
 * @param event the attributes of messages
 * @param messages at least one
 */
record BatchBody(CloudEvent event, List<? extends Message> messages) {

  /**
   * About the most bytes of a batch of several messages. Servers and proxies refuse longer bodies
   * first from 1 MiB on (nginx by default).
   */
  static final int MOST_BYTES = 1024 * 1024;

  /** Of the attributes of a usual message in bytes, with all names and quotes. */
  private static final int ATTRIBUTES = 512;

  /** The longest form of a character in JSON, an escaped one. */
  private static final int ESCAPED = 6;

  private static final byte[] DATA = ascii(",\"data\":");

  private static final byte[] START =
      ascii("{\"specversion\":\"1.0\",\"datacontenttype\":\"application/json\"");

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** An estimate of the bytes that a message takes, which costs nothing. */
  static long guess(Message message) {
    return ATTRIBUTES + RequestBody.guess(message.payload());
  }

  long guess() {
    return messages.stream().mapToLong(BatchBody::guess).sum();
  }

  /** What it has at most, in bytes; reads all payloads. */
  long most() {
    return 2 + messages.stream().mapToLong(this::most).sum();
  }

  private long most(Message message) {
    Payload payload = message.payload();
    Sum sum = new Sum();
    attributes(message, sum);
    return START.length
        + sum.bytes
        + DATA.length
        + 2
        + (payload instanceof WirePayload wire && !wire.isJson()
            ? wire.jsonLength()
            : payload.toJson().length);
  }

  private static final class Sum implements CloudEvent.Attributes {

    private long bytes;

    @Override
    public void set(String name, String value) {
      bytes += ESCAPED + name.length() + (long) ESCAPED * value.length();
    }
  }

  private void attributes(Message message, CloudEvent.Attributes to) {
    to.set("source", CloudEvent.source(message.stream()));
    to.set("consumer", event.consumer());
    event.attributes(message, to);
    message.trace().ifPresent(trace -> CloudEvent.trace(trace, to));
    // The request has no header of its own for each.
    message.trace().ifPresent(trace -> CloudEvent.trace(trace, to));
  }

  byte[] write() {
    Json json = new Json((int) Math.min(guess(), MOST_BYTES));
    json.add('[');
    for (int i = 0; i < messages.size(); i++) {
      if (i > 0) {
        json.add(',');
      }
      Message message = messages.get(i);
      json.add(START);
      attributes(message, json);
      json.add(DATA);
      json.add(message.payload().toJson());
      json.add('}');
    }
    json.add(']');
    return json.all();
  }

  /** JSON that grows. */
  private static final class Json implements CloudEvent.Attributes {

    private byte[] bytes;
    private int length;

    Json(int capacity) {
      bytes = new byte[capacity];
    }

    void add(char ascii) {
      ensure(1);
      bytes[length++] = (byte) ascii;
    }

    void add(byte[] some) {
      ensure(some.length);
      System.arraycopy(some, 0, bytes, length, some.length);
      length += some.length;
    }

    @Override
    public void set(String name, String value) {
      ensure(ESCAPED + name.length() + ESCAPED * value.length());
      add(',');
      add('"');
      plain(name);
      add('"');
      add(':');
      add('"');
      for (int i = 0; i < value.length(); i++) {
        character(value.charAt(i));
      }
      add('"');
    }

    private void character(char it) {
      if (it == '"' || it == '\\') {
        add('\\');
        add(it);
      } else if (it >= ' ' && it <= '~') {
        add(it);
      } else {
        plain("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          add(Character.forDigit((it >> shift) & 0xf, 16));
        }
      }
    }

    private void plain(String ascii) {
      for (int i = 0; i < ascii.length(); i++) {
        add(ascii.charAt(i));
      }
    }

    private void ensure(int more) {
      if (more > bytes.length - length) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
      }
    }

    byte[] all() {
      return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
  }
}
