package io.streamfleet.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Writes a tar archive in the format ustar, whose files are root's.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">ustar</a>
 */
final class Tar implements AutoCloseable {

  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int PREFIX = 155;

  private final OutputStream out;

  Tar(OutputStream out) {
    this.out = out;
  }

  /** Adds a file, a folder or a link as it is. */
  void add(String name, Path file) throws IOException {
    Instant time = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    if (Files.isSymbolicLink(file)) {
      header(name, '2', 0777, 0, time, Files.readSymbolicLink(file).toString());
    } else if (Files.isDirectory(file)) {
      header(name + "/", '5', mode(file), 0, time, "");
    } else {
      long size = Files.size(file);
      header(name, '0', mode(file), size, time, "");
      Files.copy(file, out);
      pad(size);
    }
  }

  /** Adds a file with this content. */
  void add(String name, byte[] content, Instant time) throws IOException {
    header(name, '0', 0644, content.length, time, "");
    out.write(content);
    pad(content.length);
  }

  private static int mode(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:mode") & 0777;
  }

  private void header(String name, char type, int mode, long size, Instant time, String link)
      throws IOException {
    byte[] block = new byte[BLOCK];
    int cut = cut(name);
    text(block, 0, NAME, cut < 0 ? name : name.substring(cut + 1));
    octal(block, 100, 8, mode);
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    octal(block, 124, 12, size);
    octal(block, 136, 12, time.getEpochSecond());
    text(block, 148, 8, "        ");
    block[156] = (byte) type;
    text(block, 157, NAME, link);
    text(block, 257, 6, "ustar\0");
    text(block, 263, 2, "00");
    text(block, 345, PREFIX, cut < 0 ? "" : name.substring(0, cut));
    int sum = 0;
    for (byte each : block) {
      sum += each & 0xff;
    }
    octal(block, 148, 7, sum);
    out.write(block);
  }

  /** Where a name is parted that is too long for one field; -1 for one that is not. */
  private static int cut(String name) {
    if (name.getBytes(UTF_8).length <= NAME) {
      return -1;
    }
    int cut = name.indexOf('/', name.length() - NAME - 1);
    if (cut < 0 || cut > PREFIX) {
      throw new IllegalArgumentException("a name that no tar archive takes: " + name);
    }
    return cut;
  }

  private static void text(byte[] block, int at, int length, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    if (bytes.length > length) {
      throw new IllegalArgumentException("too long for a tar archive: " + text);
    }
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private static void octal(byte[] block, int at, int length, long number) {
    text(block, at, length, ("%0" + (length - 1) + "o\0").formatted(number));
  }

  private void pad(long size) throws IOException {
    out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
  }

  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.close();
  }
}
