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
 * A master, a replica and three Sentinels that watch them and agree by two. A master that does not
 * answer for a second is given up.
 */
public final class RedisSentinels implements AutoCloseable {

  /** The name that the Sentinels know the master by. */
  public static final String MASTER = "mymaster";

  private static final int SENTINELS = 3;

  /** Short, so that a test of a failover takes seconds; busy machines still answer within it. */
  private static final Duration DOWN_AFTER = Duration.ofSeconds(1);

  /** When a failover is begun anew after one that got stuck; twice this is waited. */
  private static final Duration FAILOVER_TIMEOUT = Duration.ofSeconds(3);

  /**
   * Milliseconds instead of the usual 10 s, 1 s and 2 s, after which a failover is noticed by all;
   * and ten seconds without getting the processor (usually two) until a Sentinel mistrusts its
   * clock and does nothing for a while, which on a busy machine would be mistaken for a broken
   * failover.
   */
  private static final List<String> IN_A_HURRY =
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

  /** Starts all of it, and returns when a failover would succeed. */
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
    // The replica is the only one: there are no others to wait for before data are sent to it.
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
      hurry(sentinel);
    }
  }

  private static void hurry(ServerProcess sentinel) {
    List<String> command = new ArrayList<>(List.of("SENTINEL", "DEBUG"));
    command.addAll(IN_A_HURRY);
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

  /** The master and the replica, in the order of their start, whatever they are by now. */
  public List<RedisServer> servers() {
    return List.copyOf(servers);
  }

  /**
   * The one that most Sentinels call the master now, whether it is there or not.
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

  /** SIGKILL to the master; returns it. */
  public RedisServer killMaster() {
    RedisServer master = master();
    master.kill();
    return master;
  }

  /** SIGSTOP to the master; returns it. */
  public RedisServer pauseMaster() {
    RedisServer master = master();
    master.pause();
    return master;
  }

  /**
   * Waits until all Sentinels name a master other than this one and it takes writes.
   *
   * @return the new master
   * @throws ServerFailure with the logs' ends when that does not come in time
   */
  public RedisServer awaitFailover(RedisServer from, Duration timeout) {
    RedisServer next = servers.stream().filter(server -> server != from).findFirst().orElseThrow();
    Deadline.in(timeout)
        .await(next + " has taken over", () -> isMasterForAll(next), this::logTails);
    return next;
  }

  /**
   * Waits until every server but the master is its replica and up to date, such as a former master
   * that was started or resumed again.
   *
   * @throws ServerFailure with the logs' ends when that does not come in time
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

  /** Kills all of them and removes what they left behind. */
  @Override
  public void close() {
    sentinels.forEach(ServerProcess::close);
    servers.forEach(RedisServer::close);
  }
}
