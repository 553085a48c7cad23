package io.streamfleet.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * The C library that Java needs, copied from the build machine. It must be the GNU C library, with
 * which Temurin is linked. Its resolver is part of it since version 2.34; before, it is in separate
 * libraries.
 */
final class SystemLibraries {

  /** The path of the dynamic loader for each architecture; it is fixed in executables. */
  private static final Map<String, String> LOADERS =
      Map.of("amd64", "/lib64/ld-linux-x86-64.so.2", "aarch64", "/lib/ld-linux-aarch64.so.1");

  private static final List<String> NEEDED =
      List.of("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1");

  private static final List<String> IF_PRESENT =
      List.of("libresolv.so.2", "libnss_dns.so.2", "libnss_files.so.2");

  private SystemLibraries() {}

  /**
   * Copies it.
   *
   * @throws BuildFailure if this Java does not use a GNU C library
   */
  static void copyTo(Path root) throws IOException {
    copy(
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Path.of("/proc/self/maps"),
        root);
  }

  /**
   * @param maps the memory map of this process, with the path of its C library
   */
  static void copy(String system, String architecture, Path maps, Path root) throws IOException {
    String loader = LOADERS.get(architecture);
    if (!system.equals("Linux") || loader == null) {
      throw notHere(system + " on " + architecture);
    }
    Path libc =
        Files.readAllLines(maps).stream()
            .filter(line -> line.endsWith("/libc.so.6"))
            .map(line -> Path.of(line.substring(line.indexOf('/'))))
            .findFirst()
            .orElseThrow(() -> notHere("a Linux whose C library is another"));
    copy(Path.of(loader).toRealPath(), root.resolve(loader.substring(1)));
    for (String name : NEEDED) {
      copy(
          libc.resolveSibling(name),
          root.resolve(libc.resolveSibling(name).toString().substring(1)));
    }
    for (String name : IF_PRESENT) {
      Path library = libc.resolveSibling(name);
      if (Files.exists(library)) {
        copy(library, root.resolve(library.toString().substring(1)));
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from.toRealPath(), to, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static BuildFailure notHere(String found) {
    return new BuildFailure(
        "an image takes the GNU C library of the machine that it is built on, amd64 or arm64; this"
            + " is"
            + " %s. Build it in a container: docker build -f worker/Dockerfile .".formatted(found));
  }
}
