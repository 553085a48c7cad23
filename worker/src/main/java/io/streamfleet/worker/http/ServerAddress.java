package io.streamfleet.worker.http;

import java.nio.file.Path;

/** The address of a server. */
public sealed interface ServerAddress {

  /**
   * A port of a host.
   *
   * @param host a name or an address; an IPv6 address without brackets
   * @param tls whether to use TLS
   */
  record Port(String host, int port, boolean tls) implements ServerAddress {}

  /** A Unix domain socket on this machine. */
  record UnixSocket(Path path) implements ServerAddress {}

  /** Whether connections use TLS. */
  default boolean isTls() {
    return this instanceof Port(var _, var _, var tls) && tls;
  }
}
