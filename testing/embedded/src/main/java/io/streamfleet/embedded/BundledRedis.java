package io.streamfleet.embedded;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * Redis 7.0.9 from the artifact {@code com.github.lansheng228:embedded-redis:7.0.9}, with the
 * digests that its files had when this was written. It is from early 2023 and gets no fixes: it is
 * for tests on loopback and for the embedded default, never for important data or a port that
 * others can reach. A file with another digest is not executed.
 *
 * @param resource the name of the executable on the class path
 * @param sha256 its digest, in hexadecimal
 * @param cache the folder to unpack into
 */
record BundledRedis(String resource, String sha256, Path cache) {

  // The artifact has one file for both kinds of Mac: for Intel, which Rosetta runs on the other.
  private static final String MAC =
      "5bce39ead793ffedde8cad8140917b9ad5d8801b87635444124274b901f84974";

  private static final Map<String, String> DIGESTS =
      Map.of(
          "linux-amd64",
          "de2b4cbcd7e52bacb778c157266f003c5e4c797104cdeeeb52214addff8bf1bb",
          "linux-arm64",
          "9046512dae535cfcfed679dc6c618e8331667bc710b4cd96d3d4880eb4b7ee73",
          "darwin-amd64",
          MAC,
          "darwin-arm64",
          MAC);

  static BundledRedis ofThisMachine() {
    String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    return of(
        platform(System.getProperty("os.name"), System.getProperty("os.arch")),
        (cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache))
            .resolve("streamfleet"));
  }

  static BundledRedis of(String platform, Path cache) {
    return new BundledRedis(
        "/redis-server-7.0.9-" + platform, DIGESTS.getOrDefault(platform, ""), cache);
  }

  static String platform(String system, String architecture) {
    String os = system.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : system;
    String chip =
        switch (architecture) {
          case "amd64", "x86_64" -> "amd64";
          case "aarch64", "arm64" -> "arm64";
          default -> architecture;
        };
    return os.toLowerCase(Locale.ROOT) + "-" + chip;
  }

  /**
   * The executable in the cache; unpacked if it is missing or has another digest.
   *
   * @throws ServerFailure if there is none for this machine, or its digest is wrong
   */
  Path unpack() {
    if (sha256.isEmpty()) {
      throw new ServerFailure(
          "no Redis server comes along for this machine (no "
              + resource
              + "); install redis-server or valkey-server 7.0 or later, or name one by "
              + RedisBinary.VARIABLE);
    }
    try {
      Path target = folder().resolve("redis-server-7.0.9-" + sha256.substring(0, 12));
      if (!Files.isRegularFile(target) || !digest(Files.readAllBytes(target)).equals(sha256)) {
        write(known(), target);
      }
      return target;
    } catch (IOException e) {
      throw new ServerFailure(
          "cannot unpack the Redis server that comes along into " + cache + ": " + e, e);
    }
  }

  private byte[] known() throws IOException {
    try (InputStream in = BundledRedis.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new ServerFailure(
            resource + " is not on the class path: is the artifact embedded-redis excluded?");
      }
      byte[] bytes = in.readAllBytes();
      String found = digest(bytes);
      if (!found.equals(sha256)) {
        throw new ServerFailure(
            "%s has SHA-256 %s instead of %s; it is not executed. Remove the artifact from the"
                    .formatted(resource, found, sha256)
                + " local Maven repository and fetch it again");
      }
      return bytes;
    }
  }

  /** The cache, or a temporary folder if the cache can't be written (a read-only home). */
  private Path folder() throws IOException {
    try {
      return Files.createDirectories(cache);
    } catch (IOException e) {
      return Files.createTempDirectory("streamfleet-redis-server");
    }
  }

  /**
   * Written to a temporary file and moved, so that a process that starts at the same time sees all
   * or nothing.
   */
  private static void write(byte[] bytes, Path target) throws IOException {
    Path aside = Files.createTempFile(target.getParent(), "redis-server", ".part");
    Files.write(aside, bytes);
    if (!aside.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + aside + " executable");
    }
    Files.move(aside, target, ATOMIC_MOVE, REPLACE_EXISTING);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
