package io.streamfleet.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes a tar archive whose files belong to root, whoever owns them on the build machine. */
final class Tar implements AutoCloseable {

  private static final int PERMISSIONS = 0777;

  private final TarArchiveOutputStream out;

  Tar(OutputStream out) {
    this.out = new TarArchiveOutputStream(out, UTF_8.name());
    this.out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    this.out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  /** Adds a file, folder or link. */
  void add(String name, Path file) throws IOException {
    FileTime time = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
    if (Files.isSymbolicLink(file)) {
      TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      link.setLinkName(Files.readSymbolicLink(file).toString());
      put(link, PERMISSIONS, time);
    } else if (Files.isDirectory(file)) {
      put(new TarArchiveEntry(name + "/"), mode(file), time);
    } else {
      TarArchiveEntry entry = new TarArchiveEntry(name);
      entry.setSize(Files.size(file));
      out.putArchiveEntry(attributed(entry, mode(file), time));
      Files.copy(file, out);
      out.closeArchiveEntry();
    }
  }

  /** Adds a file with this content. */
  void add(String name, byte[] content, Instant time) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    out.putArchiveEntry(attributed(entry, 0644, FileTime.from(time)));
    out.write(content);
    out.closeArchiveEntry();
  }

  private void put(TarArchiveEntry entry, int mode, FileTime time) throws IOException {
    out.putArchiveEntry(attributed(entry, mode, time));
    out.closeArchiveEntry();
  }

  /** Whole seconds: the archive must be reproducible, and a fraction needs an additional header. */
  private static TarArchiveEntry attributed(TarArchiveEntry entry, int mode, FileTime time) {
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setNames("", "");
    entry.setModTime(FileTime.from(Instant.ofEpochSecond(time.toInstant().getEpochSecond())));
    return entry;
  }

  private static int mode(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:mode") & PERMISSIONS;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
