package io.streamfleet.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The executable that is started. Looked for in this order:
 *
 * <ol>
 *   <li>what the system property {@code streamfleet.redis}, else the environment variable {@code
 *       STREAMFLEET_REDIS} names: a path to a redis-server, a valkey-server, or a script that
 *       {@code exec}s one; the word {@code bundled} stands for the last of this list,
 *   <li>{@code redis-server}, then {@code valkey-server} on the {@code PATH}, of version 7.0 or
 *       later,
 *   <li>Redis 7.0.9 out of a dependency, see {@link BundledRedis}: for tests on the loopback
 *       interface and as the default of an embedded server, for nothing else.
 * </ol>
 *
 * @param path the executable
 * @param version what it says of itself
 */
public record RedisBinary(Path path, RedisVersion version) {

  /** Names the executable; wins over {@link #VARIABLE}. */
  public static final String PROPERTY = "streamfleet.redis";

  /** Names the executable. */
  public static final String VARIABLE = "STREAMFLEET_REDIS";

  /** The value of {@link #PROPERTY} or {@link #VARIABLE} for the server of the dependency. */
  public static final String BUNDLED = "bundled";

  /** A server prints its version at once; the rest is for machines that are busy. */
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /**
   * The executable for this process.
   *
   * @throws ServerFailure when the one that was named is not fit, or there is none at all
   */
  public static RedisBinary find() {
    String property = System.getProperty(PROPERTY, "");
    String named = property.isBlank() ? System.getenv().getOrDefault(VARIABLE, "") : property;
    return find(named, System.getenv().getOrDefault("PATH", ""), BundledRedis.ofThisMachine());
  }

  static RedisBinary find(String named, String searchPath, BundledRedis bundled) {
    if (named.equals(BUNDLED)) {
      return at(bundled.unpack());
    }
    if (!named.isBlank()) {
      return at(Path.of(named));
    }
    return Stream.of("redis-server", "valkey-server")
        .flatMap(name -> onPath(searchPath, name))
        .map(RedisBinary::asked)
        .flatMap(Optional::stream)
        .filter(binary -> binary.version.isAtLeast(7, 0))
        .findFirst()
        .orElseGet(() -> at(bundled.unpack()));
  }

  /**
   * The executable at this path.
   *
   * @throws ServerFailure when it cannot be run or is older than 7.0
   */
  public static RedisBinary at(Path path) {
    RedisBinary binary =
        asked(path.toAbsolutePath())
            .orElseThrow(
                () ->
                    new ServerFailure(
                        path
                            + " does not run or is no Redis server (asked for --version); put a"
                            + " redis-server or valkey-server of 7.0 or later on the PATH, or name"
                            + " one by "
                            + VARIABLE));
    if (!binary.version.isAtLeast(7, 0)) {
      throw new ServerFailure(
          path + " is " + binary.version + ", but 7.0 is the oldest that serves; name a newer one");
    }
    return binary;
  }

  /**
   * Whether this server can speak TLS, which is chosen when it is built. It is asked by a
   * configuration that every server refuses: one with TLS because of the missing certificate, one
   * without because it does not know the directive.
   */
  public boolean supportsTls() {
    String answer = answer(path, "port 0\ntls-port 1\ndaemonize no\nlogfile \"\"\n", "-");
    return answer.contains("Failed to configure TLS");
  }

  private static Stream<Path> onPath(String searchPath, String name) {
    return Stream.of(searchPath.split(File.pathSeparator, -1))
        .filter(Predicate.not(String::isBlank))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable);
  }

  private static Optional<RedisBinary> asked(Path path) {
    return RedisVersion.parse(answer(path, "", "--version"))
        .map(version -> new RedisBinary(path, version));
  }

  /** All that it prints, nothing if it does not start. */
  private static String answer(Path path, String input, String argument) {
    Path printed = null;
    try {
      printed = Files.createTempFile("streamfleet-redis", ".out");
      Process process =
          new ProcessBuilder(List.of(path.toString(), argument))
              .redirectErrorStream(true)
              .redirectOutput(printed.toFile())
              .start();
      try (var in = process.outputWriter()) {
        in.write(input);
      }
      Deadline.in(ANSWER)
          .await(path + " has answered", () -> !process.isAlive(), () -> "stop it by hand");
      return Files.readString(printed);
    } catch (IOException e) {
      return "";
    } finally {
      if (printed != null) {
        printed.toFile().delete();
      }
    }
  }
}
