package io.streamfleet.embedded;

import static io.streamfleet.embedded.ServerProcess.quoted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis server (or Valkey) on the loopback interface, as a child process of this one.
 *
 * <pre>{@code
 * try (RedisServer redis = RedisServer.plain()) {
 *   client.connect(redis.url());
 *   redis.kill();
 *   redis.start(); // the same port, and with appendOnly the same data
 * }
 * }</pre>
 *
 * <p>It keeps its port and its data until it is closed, and nothing of either afterwards; should
 * the JVM end before that, a shutdown hook does the same. Which executable is started, see {@link
 * RedisBinary}. Not for several threads at a time.
 */
public final class RedisServer implements AutoCloseable {

  /** When the append-only file is flushed to disk. */
  public enum Fsync {
    /** Before a write is answered. */
    ALWAYS,
    /** Once a second, as usual in production. */
    EVERYSEC
  }

  /** Client certificates at the TLS port ({@code tls-auth-clients}). */
  public enum ClientCertificates {
    /** Required, of the CA. */
    REQUIRED("yes"),
    /** Optional; if there is one, it must be of the CA. */
    OPTIONAL("optional"),
    /** Not checked. */
    IGNORED("no");

    private final String directive;

    ClientCertificates(String directive) {
      this.directive = directive;
    }
  }

  private final ServerProcess process;
  private final RedisBinary binary;
  private final OptionalInt tlsPort;

  private RedisServer(ServerProcess process, RedisBinary binary, OptionalInt tlsPort) {
    this.process = process;
    this.binary = binary;
    this.tlsPort = tlsPort;
  }

  /** A running server with defaults: in memory, no password, a free port. */
  public static RedisServer plain() {
    return builder().start();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Such as {@code redis://127.0.0.1:12345/0}; without credentials. */
  public String url() {
    return "redis://127.0.0.1:" + port() + "/0";
  }

  /**
   * Such as {@code rediss://127.0.0.1:12346/0}; without credentials.
   *
   * @throws IllegalStateException when it was built without TLS
   */
  public String tlsUrl() {
    return "rediss://127.0.0.1:" + tlsPort() + "/0";
  }

  public int port() {
    return process.port();
  }

  /**
   * The TLS port.
   *
   * @throws IllegalStateException when it was built without TLS
   */
  public int tlsPort() {
    return tlsPort.orElseThrow(() -> new IllegalStateException(this + " has no TLS port"));
  }

  public RedisVersion version() {
    return binary.version();
  }

  public boolean isRunning() {
    return process.isRunning();
  }

  /** Its process, while it runs; a new one after each start. */
  public Optional<ProcessHandle> handle() {
    return process.handle();
  }

  /**
   * Starts it again with the same port and folder, after {@link #kill()} or {@link #stop()};
   * returns when it answers and has loaded its data.
   */
  public void start() {
    process.start();
  }

  /** SIGKILL: what is neither in the append-only file nor in a snapshot is lost. */
  public void kill() {
    process.kill();
  }

  /** SIGTERM; waits until it has exited. */
  public void stop() {
    process.stop();
  }

  /**
   * SIGSTOP: connections stay open and the kernel even accepts new ones, but nothing is answered.
   */
  public void pause() {
    process.freeze();
  }

  /** SIGCONT: answers what has arrived since {@link #pause()}. */
  public void resume() {
    process.signal("CONT");
  }

  /** Its whole output, across restarts. */
  public String log() {
    try {
      return Files.readString(process.log());
    } catch (IOException e) {
      throw new ServerFailure("cannot read the log of " + this + ": " + e.getMessage(), e);
    }
  }

  String logTail() {
    return process.logTail();
  }

  /** Kills it and deletes its files, except a {@link Builder#databaseDirectory}. */
  @Override
  public void close() {
    process.close();
  }

  @Override
  public String toString() {
    return binary.version() + " at " + process;
  }

  /** The configuration of a server. */
  public static final class Builder {

    private final List<String> lines = new ArrayList<>();
    private @Nullable RedisBinary binary;
    private @Nullable Path databaseDirectory;
    private OptionalInt port = OptionalInt.empty();
    private boolean tls;
    private boolean guarded = true;

    private Builder() {}

    /** The executable; default {@link RedisBinary#find()}. */
    public Builder binary(RedisBinary executable) {
      this.binary = executable;
      return this;
    }

    /** The port; default a free one. */
    public Builder port(int fixed) {
      this.port = OptionalInt.of(fixed);
      return this;
    }

    /** Keeps an append-only file, so that data survives {@link RedisServer#kill()}. */
    public Builder appendOnly(Fsync fsync) {
      return config("appendonly yes")
          .config("appendfsync " + fsync.name().toLowerCase(Locale.ROOT));
    }

    /** The password of the default user. */
    public Builder password(String password) {
      return config("requirepass " + quoted(password));
    }

    /**
     * A line of the access control list.
     *
     * @param rules name and rules, such as {@code worker on >secret ~sg:* &sg:* +@all -@dangerous}
     */
    public Builder user(String rules) {
      return config("user " + rules);
    }

    /** A second port with TLS, beside the plain one. Files are PEM. */
    public Builder tls(Path certificate, Path key, Path ca, ClientCertificates clients) {
      this.tls = true;
      return config("tls-cert-file " + quoted(certificate))
          .config("tls-key-file " + quoted(key))
          .config("tls-ca-cert-file " + quoted(ca))
          .config("tls-auth-clients " + clients.directive);
    }

    /** The same with the server certificate of these. */
    public Builder tls(Certificates certificates, ClientCertificates clients) {
      return tls(
          certificates.serverCertificate(), certificates.serverKey(), certificates.ca(), clients);
    }

    /** Any other line of redis.conf; the last one of a directive counts. */
    public Builder config(String line) {
      lines.add(line);
      return this;
    }

    /**
     * The caller always closes the server, also when the JVM is stopped: for programs whose
     * shutdown still needs the server.
     */
    public Builder closedByCaller() {
      this.guarded = false;
      return this;
    }

    /** A folder for its data that is kept when it is closed. */
    public Builder databaseDirectory(Path directory) {
      this.databaseDirectory = directory;
      return this;
    }

    /**
     * Starts the server, and returns when it answers.
     *
     * @throws ServerFailure with the end of its log if it does not within 30 s
     */
    public RedisServer start() {
      List<Integer> free = FreePorts.several(2, RandomGenerator.getDefault());
      RedisBinary executable = binary == null ? RedisBinary.find() : binary;
      OptionalInt tlsPort = tls ? OptionalInt.of(free.get(1)) : OptionalInt.empty();
      int plainPort = port.orElse(free.get(0));
      ServerProcess process =
          new ServerProcess(
              "redis", executable, plainPort, configuration(plainPort, tlsPort), guarded);
      RedisServer server = new RedisServer(process, executable, tlsPort);
      try {
        server.start();
        return server;
      } catch (RuntimeException e) {
        server.close();
        throw e;
      }
    }

    private List<String> configuration(int plainPort, OptionalInt tlsPort) {
      List<String> file = new ArrayList<>();
      file.add("bind 127.0.0.1");
      file.add("port " + plainPort);
      tlsPort.ifPresent(it -> file.add("tls-port " + it));
      file.add("daemonize no");
      file.add("logfile \"\"");
      // Snapshots would fork at arbitrary moments of a test.
      file.add("save \"\"");
      Optional.ofNullable(databaseDirectory)
          .ifPresent(it -> file.add("dir " + quoted(it.toAbsolutePath())));
      file.addAll(lines);
      return file;
    }
  }
}
