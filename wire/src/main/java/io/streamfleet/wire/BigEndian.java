package io.streamfleet.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads numbers in network byte order, as in msgpack. The caller has checked the bounds. */
final class BigEndian {

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private BigEndian() {}

  static int uint8(byte[] data, int at) {
    return data[at] & 0xff;
  }

  static short int16(byte[] data, int at) {
    return (short) SHORT.get(data, at);
  }

  static int uint16(byte[] data, int at) {
    return int16(data, at) & 0xffff;
  }

  static int int32(byte[] data, int at) {
    return (int) INT.get(data, at);
  }

  static long uint32(byte[] data, int at) {
    return Integer.toUnsignedLong(int32(data, at));
  }

  static long int64(byte[] data, int at) {
    return (long) LONG.get(data, at);
  }
}
