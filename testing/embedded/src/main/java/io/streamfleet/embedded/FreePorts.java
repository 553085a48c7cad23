package io.streamfleet.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Finds ports on loopback that are not in use.
 *
 * <p>They are below the range of ephemeral ports (32768 and up on Linux, 49152 and up elsewhere).
 * In that range a killed server could lose its port: a client that reconnects may get this port as
 * its own local port, connect to itself, and keep the server from starting again.
 */
final class FreePorts {

  private static final int LOWEST = 12_000;
  private static final int HIGHEST = 31_999;

  /** With 20,000 ports, this many failures mean that binding is impossible. */
  private static final int ATTEMPTS = 200;

  private FreePorts() {}

  static int one(RandomGenerator random) {
    return several(1, random).getFirst();
  }

  /** Whether a server could listen on this port now. */
  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** This many different ports, all free at the same moment. */
  static List<Integer> several(int count, RandomGenerator random) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int attempt = 0; attempt < ATTEMPTS + count && held.size() < count; attempt++) {
        ServerSocket socket = new ServerSocket();
        try {
          int port = random.nextInt(LOWEST, HIGHEST + 1);
          socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
          held.add(socket);
        } catch (BindException e) {
          socket.close();
        }
      }
      if (held.size() < count) {
        throw new ServerFailure(
            "found only %d of %d free ports on 127.0.0.1 between %d and %d"
                .formatted(held.size(), count, LOWEST, HIGHEST));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new ServerFailure("cannot look for free ports on 127.0.0.1: " + e.getMessage(), e);
    } finally {
      held.forEach(FreePorts::release);
    }
  }

  private static void release(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new ServerFailure("cannot release port " + socket.getLocalPort(), e);
    }
  }
}
