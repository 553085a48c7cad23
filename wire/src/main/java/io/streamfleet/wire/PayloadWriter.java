package io.streamfleet.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/**
 * Writes payloads like {@code msgpack.packb(payload, use_bin_type=True)} of the Python original:
 * the same bytes for the same values. Thread-safe.
 */
public final class PayloadWriter {

  /**
   * Writes plain Java values, those of {@link io.streamfleet.handler.Payload#toMap()}; also other
   * widths of numbers, {@code CharSequence} and any {@code Collection}.
   *
   * @throws Unwritable if no worker could read the result: a value has another class, an integer
   *     needs more than 64 bits, a key is not text, or maps and lists nest deeper than {@link
   *     HeaderScan#MAX_DEPTH}
   * @throws ConcurrentModificationException if the elements of a map or collection don't match its
   *     size
   */
  public byte[] write(Map<String, ? extends @Nullable Object> payload) {
    return pack(packer -> value(packer, payload, 0));
  }

  /**
   * Writes a JSON object.
   *
   * @throws Unwritable as {@link #write(Map)}
   */
  public byte[] write(ObjectNode payload) {
    return pack(packer -> node(packer, payload, 0));
  }

  private interface Packing {
    void into(MessageBufferPacker packer) throws IOException;
  }

  private static byte[] pack(Packing packing) {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packing.into(packer);
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  private static void value(MessageBufferPacker packer, @Nullable Object value, int depth)
      throws IOException {
    switch (value) {
      case null -> packer.packNil();
      case CharSequence text -> text(packer, text.toString());
      case Boolean b -> packer.packBoolean(b);
      case Integer i -> packer.packInt(i);
      case Long l -> packer.packLong(l);
      case Short s -> packer.packShort(s);
      case Byte b -> packer.packByte(b);
      case BigInteger i -> integer(packer, i);
      case Double d -> packer.packDouble(d);
      case Float f -> packer.packDouble(f);
      case BigDecimal d -> packer.packDouble(d.doubleValue());
      case byte[] bytes -> {
        packer.packBinaryHeader(bytes.length);
        packer.writePayload(bytes);
      }
      case Map<?, ?> map -> map(packer, map, depth);
      case Collection<?> list -> {
        enter(depth);
        int size = list.size();
        packer.packArrayHeader(size);
        int written = 0;
        for (Object element : list) {
          requireRoom(written++, size);
          value(packer, element, depth + 1);
        }
        requireAll(written, size);
      }
      default ->
          throw new Unwritable(
              "a payload cannot hold a "
                  + value.getClass().getName()
                  + ": use text, a number, a boolean, bytes, a list or a map");
    }
  }

  private static void map(MessageBufferPacker packer, Map<?, ?> map, int depth) throws IOException {
    enter(depth);
    int size = map.size();
    packer.packMapHeader(size);
    int written = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      requireRoom(written++, size);
      if (!(entry.getKey() instanceof String key)) {
        throw new Unwritable("a key in a payload is not text: make it a String");
      }
      text(packer, key);
      value(packer, entry.getValue(), depth + 1);
    }
    requireAll(written, size);
  }

  /**
   * The size is written already; another thread may change the map, or its view may be
   * inconsistent.
   */
  private static void requireRoom(int written, int size) {
    if (written >= size) {
      throw new ConcurrentModificationException("a payload grew while it was written");
    }
  }

  private static void requireAll(int written, int size) {
    if (written < size) {
      throw new ConcurrentModificationException("a payload shrank while it was written");
    }
  }

  private static void node(MessageBufferPacker packer, JsonNode node, int depth)
      throws IOException {
    switch (node.getNodeType()) {
      case OBJECT -> {
        enter(depth);
        packer.packMapHeader(node.size());
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
          text(packer, entry.getKey());
          node(packer, entry.getValue(), depth + 1);
        }
      }
      case ARRAY -> {
        enter(depth);
        packer.packArrayHeader(node.size());
        for (JsonNode element : node) {
          node(packer, element, depth + 1);
        }
      }
      case STRING -> text(packer, node.textValue());
      case NUMBER -> {
        if (node.isIntegralNumber()) {
          integer(packer, node.bigIntegerValue());
        } else {
          packer.packDouble(node.doubleValue());
        }
      }
      case BOOLEAN -> packer.packBoolean(node.booleanValue());
      case NULL, MISSING -> packer.packNil();
      case BINARY -> value(packer, node.binaryValue(), depth);
      case POJO -> throw new Unwritable("a payload cannot hold a Java object: use plain JSON");
    }
  }

  private static void integer(MessageBufferPacker packer, BigInteger integer) throws IOException {
    if (integer.bitLength() > 64 || (integer.signum() < 0 && integer.bitLength() > 63)) {
      throw new Unwritable("an integer in a payload needs more than 64 bits: make it text");
    }
    packer.packBigInteger(integer);
  }

  private static void text(MessageBufferPacker packer, String text) throws IOException {
    byte[] utf8 = text.getBytes(UTF_8);
    packer.packRawStringHeader(utf8.length);
    // Added instead of written, which avoids a copy of a long text.
    packer.addPayload(utf8);
  }

  private static void enter(int depth) {
    if (depth >= HeaderScan.MAX_DEPTH) {
      throw new Unwritable(
          "a payload is nested deeper than "
              + HeaderScan.MAX_DEPTH
              + " levels, or contains itself: flatten it");
    }
  }
}
