package io.streamfleet.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.util.ByteBufferBackedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessageUnpacker;

/**
 * Converts a msgpack payload to JSON while reading, without a tree; {@link WirePayload} describes
 * the mapping.
 */
final class MsgpackToJson {

  private static final JsonFactory FACTORY = new JsonFactory();

  private final MsgpackSource source;
  private final JsonGenerator json;

  private MsgpackToJson(MsgpackSource source, JsonGenerator json) {
    this.source = source;
    this.json = json;
  }

  static byte[] json(byte[] data) throws Undecodable {
    // The JSON of a payload is about a third longer than its msgpack.
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + data.length / 2 + 16);
    write(data, out);
    return out.toByteArray();
  }

  /** The same into an array of the exact length, from {@link #length}. */
  static byte[] json(byte[] data, int length) throws Undecodable {
    ByteBuffer out = ByteBuffer.allocate(length);
    write(data, new ByteBufferBackedOutputStream(out));
    return out.array();
  }

  /** The length of the JSON in bytes. */
  static long length(byte[] data) throws Undecodable {
    long[] length = {0};
    write(
        data,
        new OutputStream() {
          @Override
          public void write(int one) {
            length[0]++;
          }

          @Override
          public void write(byte[] some, int from, int count) {
            length[0] += count;
          }
        });
    return length[0];
  }

  private static void write(byte[] data, OutputStream out) throws Undecodable {
    MsgpackSource.readAll(
        data,
        source -> {
          try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            new MsgpackToJson(source, json).map(0);
          }
          return data;
        });
  }

  private void map(int depth) throws IOException, Undecodable {
    json.writeStartObject();
    for (int left = source.mapSize(depth); left > 0; left--) {
      json.writeFieldName(source.key(depth));
      value(depth + 1);
    }
    json.writeEndObject();
  }

  private void list(int depth) throws IOException, Undecodable {
    json.writeStartArray();
    for (int left = source.listSize(depth); left > 0; left--) {
      value(depth + 1);
    }
    json.writeEndArray();
  }

  private void value(int depth) throws IOException, Undecodable {
    MessageUnpacker unpacker = source.unpacker;
    MessageFormat format = unpacker.getNextFormat();
    switch (format.getValueType()) {
      case NIL -> {
        unpacker.unpackNil();
        json.writeNull();
      }
      case BOOLEAN -> json.writeBoolean(unpacker.unpackBoolean());
      case INTEGER -> integer(source.integer());
      case FLOAT -> number(format, unpacker.unpackDouble());
      case STRING -> json.writeString(unpacker.unpackString());
      case BINARY -> json.writeString(MsgpackSource.base64(source.bytes()));
      case ARRAY -> list(depth);
      case MAP -> map(depth);
      case EXTENSION -> extension(source.extension());
    }
  }

  private void integer(Number number) throws IOException {
    if (number instanceof BigInteger big) {
      json.writeNumber(big);
    } else {
      json.writeNumber(number.longValue());
    }
  }

  private void number(MessageFormat format, double number) throws IOException {
    if (!Double.isFinite(number)) {
      json.writeNull();
    } else if (format == MessageFormat.FLOAT32) {
      json.writeNumber((float) number);
    } else {
      json.writeNumber(number);
    }
  }

  private void extension(Extension extension) throws IOException {
    Optional<String> timestamp = extension.timestamp();
    if (timestamp.isPresent()) {
      json.writeString(timestamp.get());
      return;
    }
    json.writeStartObject();
    json.writeNumberField("ext", extension.type());
    json.writeStringField("data", MsgpackSource.base64(extension.data()));
    json.writeEndObject();
  }
}
