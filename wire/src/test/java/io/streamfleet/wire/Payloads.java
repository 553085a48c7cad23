package io.streamfleet.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Random;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Random payloads of every type that msgpack has, written by msgpack-core; and broken ones. */
final class Payloads {

  private static final String[] NAMES = {
    "channel_id",
    "is_addressed",
    "trace_id",
    "message_id",
    "platform",
    "user_id",
    "content",
    "",
    "é"
  };

  private final Random random;

  Payloads(long seed) {
    this.random = new Random(seed);
  }

  byte[] next() {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      int size = random.nextInt(20);
      packer.packMapHeader(size);
      for (int i = 0; i < size; i++) {
        packer.packString(NAMES[random.nextInt(NAMES.length)]);
        value(packer, 1);
      }
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The payload with one to three bytes changed, cut off, put in or taken out. */
  byte[] broken(byte[] payload) {
    byte[] bytes = payload.clone();
    for (int times = 1 + random.nextInt(3); times > 0 && bytes.length > 0; times--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes = java.util.Arrays.copyOf(bytes, at);
        case 2 -> bytes = splice(bytes, at, at, new byte[] {(byte) random.nextInt()});
        default -> bytes = splice(bytes, at, at + 1, new byte[0]);
      }
    }
    return bytes;
  }

  /** Up to 64 bytes, of which the first is often that of a map. */
  byte[] noise() {
    byte[] bytes = new byte[random.nextInt(64)];
    random.nextBytes(bytes);
    if (bytes.length > 1 && random.nextInt(4) != 0) {
      bytes[0] = (byte) (0x80 + random.nextInt(6));
      bytes[1] = (byte) (0xa0 + random.nextInt(3));
    }
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] with) {
    byte[] spliced = new byte[bytes.length - (to - from) + with.length];
    System.arraycopy(bytes, 0, spliced, 0, from);
    System.arraycopy(with, 0, spliced, from, with.length);
    System.arraycopy(bytes, to, spliced, from + with.length, bytes.length - to);
    return spliced;
  }

  private void value(MessageBufferPacker packer, int depth) throws IOException {
    switch (random.nextInt(depth < 6 ? 16 : 12)) {
      case 0 -> packer.packNil();
      case 1 -> packer.packBoolean(random.nextBoolean());
      case 2 -> packer.packLong(random.nextLong() >> random.nextInt(64));
      case 3 -> packer.packBigInteger(new BigInteger(64, random));
      case 4 -> packer.packDouble(Double.longBitsToDouble(random.nextLong()));
      case 5 -> packer.packFloat(Float.intBitsToFloat(random.nextInt()));
      case 6, 7, 8 -> packer.packString(text());
      case 9 -> {
        packer.packBinaryHeader(3);
        packer.writePayload(new byte[] {-1, 0, (byte) random.nextInt()});
      }
      case 10 -> {
        byte[] data = new byte[1 << random.nextInt(6)];
        random.nextBytes(data);
        packer.packExtensionTypeHeader((byte) random.nextInt(), data.length);
        packer.writePayload(data);
      }
      case 11 -> {
        byte[] data = new byte[4 << random.nextInt(2)];
        random.nextBytes(data);
        packer.packExtensionTypeHeader((byte) -1, data.length);
        packer.writePayload(data);
      }
      case 12, 13 -> {
        int size = random.nextInt(18);
        packer.packArrayHeader(size);
        for (int i = 0; i < size; i++) {
          value(packer, depth + 1);
        }
      }
      default -> {
        int size = random.nextInt(6);
        packer.packMapHeader(size);
        for (int i = 0; i < size; i++) {
          key(packer);
          value(packer, depth + 1);
        }
      }
    }
  }

  private void key(MessageBufferPacker packer) throws IOException {
    switch (random.nextInt(6)) {
      case 0 -> packer.packLong(random.nextLong() >> random.nextInt(64));
      case 1 -> packer.packDouble(random.nextDouble());
      case 2 -> packer.packBoolean(random.nextBoolean());
      default -> packer.packString(text());
    }
  }

  private String text() {
    int[] points =
        random
            .ints(random.nextInt(40), 0, 0x2fff)
            .map(point -> random.nextInt(8) == 0 ? point + 0x1f000 : point & 0xff)
            .toArray();
    return new String(points, 0, points.length);
  }
}
