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
 * Finds the server executable, in this order:
 *
 * <ol>
 *   <li>the value of the system property {@code streamfleet.redis}, else the environment variable
 *       {@code STREAMFLEET_REDIS}: the path of a redis-server, a valkey-server, or a script that
 *       {@code exec}s one; {@code bundled} stands for the last of this list,
 *   <li>{@code redis-server}, then {@code valkey-server} on the {@code PATH}, version 7.0 or later,
 *   <li>Redis 7.0.9 from a dependency, see {@link BundledRedis}: only for tests on loopback and as
 *       the default of an embedded server.
 * </ol>
 *
 * @param path of the executable
 * @param version that it reports
 */
public record RedisBinary(Path path, RedisVersion version) {

  /** The path of the executable; overrides {@link #VARIABLE}. */
  public static final String PROPERTY = "streamfleet.redis";

  /** The path of the executable. */
  public static final String VARIABLE = "STREAMFLEET_REDIS";

  /** The value of {@link #PROPERTY} or {@link #VARIABLE} for the server of the dependency. */
  public static final String BUNDLED = "bundled";

  /** A server prints its version at once; the rest is for busy machines. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

  /**
   * The executable for this process.
   *
   * @throws ServerFailure if the named one is unusable, or there is none
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
   * @throws ServerFailure if it can't be run or is older than 7.0
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
   * Whether this server was built with TLS. It is started with a configuration that every server
   * refuses: with TLS because the certificate is missing, without TLS because the directive is
   * unknown.
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

  /** All its output; empty if it does not start. */
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
      Deadline.in(ANSWER_TIMEOUT)
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
