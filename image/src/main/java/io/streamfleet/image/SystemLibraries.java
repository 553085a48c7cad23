package io.streamfleet.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * The C library that Java needs, taken from the machine that builds. It has to be the GNU one,
 * which Temurin is linked with; its resolver is in it since version 2.34, and is asked for as
 * libraries of their own before.
 */
final class SystemLibraries {

  /** Where the loader of programs has to be, by architecture: programs name it so. */
  private static final Map<String, String> LOADERS =
      Map.of("amd64", "/lib64/ld-linux-x86-64.so.2", "aarch64", "/lib/ld-linux-aarch64.so.1");

  private static final List<String> NEEDED =
      List.of("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1");

  private static final List<String> WHERE_THEY_ARE =
      List.of("libresolv.so.2", "libnss_dns.so.2", "libnss_files.so.2");

  private SystemLibraries() {}

  /**
   * Copies it.
   *
   * @throws BuildFailure where there is no GNU C library for this Java
   */
  static void copyTo(Path root) throws IOException {
    copy(
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Path.of("/proc/self/maps"),
        root);
  }

  /**
   * @param maps what is loaded into this process: says which C library that is, and where
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
    for (String name : WHERE_THEY_ARE) {
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
        "an image takes the GNU C library of the machine that it is built on, amd64 or arm64; this is"
            + " %s. Build it in a container: docker build -f worker/Dockerfile .".formatted(found));
  }
}
