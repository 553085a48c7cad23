package io.streamfleet.redis;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Converts private keys of older formats to PKCS #8 (RFC 5208), which Java reads: the same key
 * after a header that names its algorithm.
 */
final class Pkcs8 {

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;

  /** The field with the explicit tag 0: the curve of a key (RFC 5915). */
  private static final int CURVE = 0xA0;

  private static final byte[] VERSION = HexFormat.of().parseHex("020100");

  /** The algorithm rsaEncryption without parameters. */
  private static final byte[] RSA = HexFormat.of().parseHex("300D06092A864886F70D0101010500");

  /** The algorithm id-ecPublicKey, followed by the curve. */
  private static final byte[] EC = HexFormat.of().parseHex("06072A8648CE3D0201");

  private Pkcs8() {}

  /** Converts a key in PKCS #1 (RFC 8017), {@code BEGIN RSA PRIVATE KEY}. */
  static byte[] ofRsa(byte[] pkcs1) {
    return tagged(SEQUENCE, VERSION, RSA, tagged(OCTETS, pkcs1));
  }

  /**
   * Converts a key in SEC 1 (RFC 5915), {@code BEGIN EC PRIVATE KEY}.
   *
   * @throws IllegalArgumentException when it is invalid or does not name its curve
   */
  static byte[] ofEc(byte[] sec1) {
    return tagged(SEQUENCE, VERSION, tagged(SEQUENCE, EC, curve(sec1)), tagged(OCTETS, sec1));
  }

  private static byte[] curve(byte[] sec1) {
    ByteBuffer fields = ByteBuffer.wrap(content(ByteBuffer.wrap(sec1), SEQUENCE));
    while (fields.hasRemaining()) {
      int tag = fields.get(fields.position()) & 0xFF;
      byte[] content = content(fields, tag);
      if (tag == CURVE) {
        return content;
      }
    }
    throw new IllegalArgumentException("no curve");
  }

  /** Reads the content after tag and length at the buffer's position, and advances it. */
  private static byte[] content(ByteBuffer der, int tag) {
    try {
      if ((der.get() & 0xFF) != tag) {
        throw new IllegalArgumentException("another tag");
      }
      int length = der.get() & 0xFF;
      if (length > 0x7F) {
        int octets = length & 0x7F;
        length = 0;
        for (int i = 0; i < octets; i++) {
          length = (length << 8) | (der.get() & 0xFF);
        }
      }
      if (length < 0 || length > der.remaining()) {
        throw new IllegalArgumentException("cut off");
      }
      byte[] content = new byte[length];
      der.get(content);
      return content;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("cut off", e);
    }
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    int length = content.size();
    if (length > 0xFFFF) {
      throw new IllegalArgumentException("no key is that long");
    }
    if (length > 0xFF) {
      whole.write(0x82);
      whole.write(length >> 8);
    } else if (length > 0x7F) {
      whole.write(0x81);
    }
    whole.write(length);
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }
}
