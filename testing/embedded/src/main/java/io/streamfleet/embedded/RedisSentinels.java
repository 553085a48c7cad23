package io.streamfleet.embedded;

import static java.util.stream.Collectors.joining;

import io.streamfleet.embedded.RespClient.Many;
import io.streamfleet.embedded.RespClient.Reply;
import io.streamfleet.embedded.RespClient.Text;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A master, a replica and three Sentinels with a quorum of two. A master that does not answer for a
 * second is failed over.
 */
public final class RedisSentinels implements AutoCloseable {

  /** The name of the master in Sentinel. */
  public static final String MASTER = "mymaster";

  private static final int SENTINELS = 3;

  /** Short, so that a failover takes seconds; busy machines still answer within it. */
  private static final Duration DOWN_AFTER = Duration.ofSeconds(1);

  /** When a stuck failover is started again: after twice this time. */
  private static final Duration FAILOVER_TIMEOUT = Duration.ofSeconds(3);

  /**
   * Milliseconds, instead of the defaults of 10 s, 1 s and 2 s, after which all notice a failover.
   * A Sentinel that did not run for ten seconds (default: two) distrusts its clock and does nothing
   * for a while; on a busy machine that would look like a broken failover.
   */
  private static final List<String> FAST_PERIODS =
      List.of(
          "info-period",
          "500",
          "ping-period",
          "250",
          "publish-period",
          "500",
          "tilt-trigger",
          "10000",
          "tilt-period",
          "2000");

  private final List<RedisServer> servers = new ArrayList<>();
  private final List<ServerProcess> sentinels = new ArrayList<>();

  private RedisSentinels() {}

  /** Starts everything, and returns when a failover would succeed. */
  public static RedisSentinels start() {
    return start(RedisBinary.find());
  }

  /** The same with this executable. */
  public static RedisSentinels start(RedisBinary binary) {
    RedisSentinels all = new RedisSentinels();
    try {
      all.startServers(binary);
      all.startSentinels(binary);
      Deadline.in(Deadline.START)
          .await("the Sentinels know each other and the replica", all::isWhole, all::logTails);
      return all;
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  private void startServers(RedisBinary binary) {
    RedisServer first = replicating(binary).start();
    servers.add(first);
    servers.add(replicating(binary).config("replicaof 127.0.0.1 " + first.port()).start());
  }

  private static RedisServer.Builder replicating(RedisBinary binary) {
    // It is the only replica, so the master need not wait for others before the synchronization.
    return RedisServer.builder().binary(binary).config("repl-diskless-sync-delay 0");
  }

  private void startSentinels(RedisBinary binary) {
    for (int port : FreePorts.several(SENTINELS, RandomGenerator.getDefault())) {
      List<String> configuration =
          List.of(
              "bind 127.0.0.1",
              "port " + port,
              "daemonize no",
              "logfile \"\"",
              "sentinel monitor %s 127.0.0.1 %d 2".formatted(MASTER, servers.getFirst().port()),
              "sentinel down-after-milliseconds %s %d".formatted(MASTER, DOWN_AFTER.toMillis()),
              "sentinel failover-timeout %s %d".formatted(MASTER, FAILOVER_TIMEOUT.toMillis()));
      ServerProcess sentinel =
          new ServerProcess("sentinel", binary, port, configuration, "--sentinel");
      sentinels.add(sentinel);
      sentinel.start();
      speedUp(sentinel);
    }
  }

  private static void speedUp(ServerProcess sentinel) {
    List<String> command = new ArrayList<>(List.of("SENTINEL", "DEBUG"));
    command.addAll(FAST_PERIODS);
    try {
      RespClient.text(sentinel.port(), command.toArray(String[]::new));
    } catch (IOException e) {
      throw new ServerFailure(sentinel + " cannot be set up: " + e.getMessage(), e);
    }
  }

  /** Such as {@code redis-sentinel://127.0.0.1:1,127.0.0.1:2,127.0.0.1:3/0#mymaster}. */
  public String url() {
    return sentinels.stream()
        .map(sentinel -> "127.0.0.1:" + sentinel.port())
        .collect(joining(",", "redis-sentinel://", "/0#" + MASTER));
  }

  /** The master and the replica in the order of their start, whatever their present roles. */
  public List<RedisServer> servers() {
    return List.copyOf(servers);
  }

  /**
   * The master according to most Sentinels, whether it is reachable or not.
   *
   * @throws ServerFailure when there is no majority for one of {@link #servers()}
   */
  public RedisServer master() {
    try {
      return agreed().orElseThrow(() -> new ServerFailure("the Sentinels disagree on the master"));
    } catch (IOException e) {
      throw new ServerFailure("a Sentinel does not answer: " + e + "\n" + logTails(), e);
    }
  }

  private Optional<RedisServer> agreed() throws IOException {
    Map<Integer, Integer> votes = new HashMap<>();
    for (ServerProcess sentinel : sentinels) {
      votes.merge(masterPort(sentinel), 1, Integer::sum);
    }
    return servers.stream()
        .filter(server -> votes.getOrDefault(server.port(), 0) > SENTINELS / 2)
        .findFirst();
  }

  /** Sends SIGKILL to the master; returns it. */
  public RedisServer killMaster() {
    RedisServer master = master();
    master.kill();
    return master;
  }

  /** Sends SIGSTOP to the master; returns it. */
  public RedisServer pauseMaster() {
    RedisServer master = master();
    master.pause();
    return master;
  }

  /**
   * Waits until all Sentinels name another master than this one and it accepts writes.
   *
   * @return the new master
   * @throws ServerFailure with the ends of the logs after the time-out
   */
  public RedisServer awaitFailover(RedisServer from, Duration timeout) {
    RedisServer next = servers.stream().filter(server -> server != from).findFirst().orElseThrow();
    Deadline.in(timeout)
        .await(next + " has taken over", () -> isMasterForAll(next), this::logTails);
    return next;
  }

  /**
   * Waits until every other server is an up-to-date replica of the master, such as a former master
   * that was started or resumed.
   *
   * @throws ServerFailure with the ends of the logs after the time-out
   */
  public void awaitReplication(Duration timeout) {
    Deadline.in(timeout).await("the replica is up to date", this::isReplicated, this::logTails);
  }

  private boolean isMasterForAll(RedisServer server) throws IOException {
    for (ServerProcess sentinel : sentinels) {
      if (masterPort(sentinel) != server.port()) {
        return false;
      }
    }
    return RespClient.once(server.port(), "ROLE") instanceof Many(List<Reply> items)
        && items.getFirst().equals(new Text("master"));
  }

  private boolean isReplicated() throws IOException {
    Optional<RedisServer> master = agreed();
    for (RedisServer server : servers) {
      if (master.isEmpty() || (server != master.get() && !follows(server, master.get()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean follows(RedisServer replica, RedisServer master) throws IOException {
    String replication = RespClient.text(replica.port(), "INFO", "replication");
    return replication.contains("master_port:" + master.port())
        && replication.contains("master_link_status:up");
  }

  private boolean isWhole() throws IOException {
    for (ServerProcess sentinel : sentinels) {
      String known = RespClient.text(sentinel.port(), "INFO", "sentinel");
      if (!known.contains("status=ok") || !known.contains("slaves=1,sentinels=" + SENTINELS)) {
        return false;
      }
    }
    return isReplicated();
  }

  private static int masterPort(ServerProcess sentinel) throws IOException {
    Reply reply = RespClient.once(sentinel.port(), "SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER);
    if (reply instanceof Many(List<Reply> address) && address.get(1) instanceof Text(String port)) {
      return Integer.parseInt(port);
    }
    throw new IOException(sentinel + " names no master: " + reply);
  }

  private String logTails() {
    return sentinels.stream().map(it -> it + ":\n" + it.logTail()).collect(joining("\n"));
  }

  /** Kills all of them and deletes their files. */
  @Override
  public void close() {
    sentinels.forEach(ServerProcess::close);
    servers.forEach(RedisServer::close);
  }
}
