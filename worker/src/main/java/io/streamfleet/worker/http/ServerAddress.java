package io.streamfleet.worker.http;

import java.nio.file.Path;

/** Where a server listens. */
public sealed interface ServerAddress {

  /**
   * A port of a host.
   *
   * @param host a name, or an address; one of IPv6 without brackets
   * @param tls whether it speaks TLS
   */
  record Port(String host, int port, boolean tls) implements ServerAddress {}

  /** A Unix domain socket on this machine. */
  record UnixSocket(Path path) implements ServerAddress {}

  /** Whether what is sent is encrypted. */
  default boolean isTls() {
    return this instanceof Port(var _, var _, var tls) && tls;
  }
}
