package io.streamfleet.local.fleet;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.embedded.ServerFailure;
import io.streamfleet.kubelet.ChildProcesses;
import io.streamfleet.redis.RedisUrl;
import io.streamfleet.redis.UnreadableUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;

/** The Redis of a fleet: embedded or existing. */
final class FleetRedis implements AutoCloseable {

  private final LocalManifest.Redis place;
  private final Optional<RedisServer> server;
  private final ChildProcesses children;

  private FleetRedis(
      LocalManifest.Redis place, Optional<RedisServer> server, ChildProcesses children) {
    this.place = place;
    this.server = server;
    this.children = children;
  }

  /**
   * Starts it, or validates its URL.
   *
   * @throws LocalFailure if the URL is invalid, or no Redis can be started
   */
  static FleetRedis of(FleetPlan plan, ChildProcesses children) {
    if (plan.redisUrl().isPresent()) {
      String url = plan.redisUrl().get();
      if (url.contains("@")) {
        throw LocalFailure.input(
            "--redis-url must not carry a user or password: put them into a Secret beside the"
                + " StreamConsumerGroup in the file of -f, and name it in"
                + " spec.redis.credentialsSecret");
      }
      try {
        RedisUrl.checkWithoutLogin(url, false);
      } catch (UnreadableUrl e) {
        throw LocalFailure.input("--redis-url: " + e.getMessage());
      }
      return new FleetRedis(new LocalManifest.Redis.Given(url), Optional.empty(), children);
    }
    try {
      // Draining workers still need it, so it is only closed after them.
      RedisServer.Builder builder = RedisServer.builder().closedByCaller();
      RedisServer server =
          (isFree(plan.redisPort()) ? builder.port(plan.redisPort()) : builder).start();
      FleetRedis redis =
          new FleetRedis(
              new LocalManifest.Redis.Embedded("redis://127.0.0.1:" + server.port()),
              Optional.of(server),
              children);
      redis.guard();
      return redis;
    } catch (ServerFailure e) {
      throw LocalFailure.machine(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isFree(int port) {
    if (port == 0) {
      return false;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void guard() {
    server
        .flatMap(RedisServer::handle)
        .ifPresent(handle -> children.add(handle, ChildProcesses.Role.SERVER));
  }

  LocalManifest.Redis place() {
    return place;
  }

  Optional<RedisServer> server() {
    return server;
  }

  /** The embedded server was restarted by {@link RedisServer#start}. */
  void startedAgain() {
    guard();
  }

  @Override
  public void close() {
    server.ifPresent(RedisServer::close);
  }
}
