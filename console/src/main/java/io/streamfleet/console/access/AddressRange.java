package io.streamfleet.console.access;

import java.net.InetAddress;

/** Addresses that begin with the same bits. */
record AddressRange(InetAddress start, int bits) {

  /**
   * Reads an address or a range.
   *
   * @throws IllegalArgumentException if it is neither; names are not looked up
   */
  static AddressRange of(String text) {
    String[] parts = text.split("/", 2);
    InetAddress address = InetAddress.ofLiteral(parts[0]);
    int all = address.getAddress().length * 8;
    int bits = parts.length == 2 ? Integer.parseInt(parts[1]) : all;
    if (bits < 0 || bits > all) {
      throw new IllegalArgumentException("no range of addresses: " + text);
    }
    return new AddressRange(address, bits);
  }

  boolean contains(InetAddress address) {
    byte[] first = start.getAddress();
    byte[] other = address.getAddress();
    if (other.length != first.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((first[bit / 8] & mask) != (other[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
