package io.streamfleet.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** The few types of an X.509 certificate in DER (ITU-T X.690): a tag, a length, the content. */
final class Der {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private Der() {}

  static byte[] sequence(byte[]... items) {
    return tagged(0x30, items);
  }

  static byte[] set(byte[]... items) {
    return tagged(0x31, items);
  }

  static byte[] integer(BigInteger value) {
    return tagged(0x02, value.toByteArray());
  }

  static byte[] yes() {
    return tagged(0x01, new byte[] {(byte) 0xFF});
  }

  static byte[] text(String value) {
    return tagged(0x0C, value.getBytes(UTF_8));
  }

  static byte[] octets(byte[] content) {
    return tagged(0x04, content);
  }

  /** A bit string of whole octets, of which the last bits are unused. */
  static byte[] bits(int unused, byte[] content) {
    return tagged(0x03, new byte[] {(byte) unused}, content);
  }

  /** GeneralizedTime, to the second. */
  static byte[] time(Instant instant) {
    return tagged(0x18, TIME.format(instant).getBytes(US_ASCII));
  }

  /** An object identifier, by its encoded content in hexadecimal, such as {@code 550403}. */
  static byte[] identifier(String hex) {
    return tagged(0x06, HexFormat.of().parseHex(hex));
  }

  static byte[] tagged(int tag, byte[]... contents) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : contents) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.write(tag);
    if (content.size() < 0x80) {
      value.write(content.size());
    } else {
      byte[] length = BigInteger.valueOf(content.size()).toByteArray();
      int sign = length[0] == 0 ? 1 : 0;
      value.write(0x80 | (length.length - sign));
      value.write(length, sign, length.length - sign);
    }
    value.writeBytes(content.toByteArray());
    return value.toByteArray();
  }
}
