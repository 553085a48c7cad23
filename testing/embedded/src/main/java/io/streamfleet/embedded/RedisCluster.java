package io.streamfleet.embedded;

import static java.util.stream.Collectors.joining;

import io.streamfleet.embedded.RespClient.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Redis Cluster on loopback: masters that share the 16,384 slots evenly, with or without
 * replicas.
 */
public final class RedisCluster implements AutoCloseable {

  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;

  /** Short, so that a failover takes seconds; busy machines still answer within it. */
  private static final Duration NODE_TIMEOUT = Duration.ofSeconds(3);

  private static final Pattern MOVED = Pattern.compile("MOVED \\d+ .*:(\\d+)");

  private final List<RedisServer> nodes = new ArrayList<>();
  private final List<Integer> busPorts = new ArrayList<>();

  private RedisCluster() {}

  /** Three masters without replicas. */
  public static RedisCluster start() {
    return start(RedisBinary.find(), 0);
  }

  /**
   * Starts all nodes, and returns when each of them reports that the cluster is ok.
   *
   * @param replicas of each of the three masters
   */
  public static RedisCluster start(RedisBinary binary, int replicas) {
    RedisCluster cluster = new RedisCluster();
    try {
      cluster.startNodes(binary, MASTERS * (1 + replicas));
      cluster.assignSlots();
      cluster.introduce();
      cluster.replicate();
      cluster.awaitOk(Deadline.START);
      return cluster;
    } catch (IOException e) {
      cluster.close();
      throw new ServerFailure("cannot form a cluster: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void startNodes(RedisBinary binary, int count) {
    List<Integer> ports = FreePorts.several(2 * count, RandomGenerator.getDefault());
    for (int i = 0; i < count; i++) {
      // Explicit, since the default, 10,000 above, may be in use.
      int busPort = ports.get(count + i);
      busPorts.add(busPort);
      nodes.add(
          RedisServer.builder()
              .binary(binary)
              .port(ports.get(i))
              // A master that restarts empty would empty its replica, too.
              .appendOnly(RedisServer.Fsync.EVERYSEC)
              .config("cluster-enabled yes")
              .config("cluster-port " + busPort)
              .config("cluster-node-timeout " + NODE_TIMEOUT.toMillis())
              .config("repl-diskless-sync-delay 0")
              .start());
    }
  }

  private void assignSlots() throws IOException {
    for (int i = 0; i < nodes.size(); i++) {
      int port = nodes.get(i).port();
      // With different epochs the nodes need not resolve collisions.
      RespClient.text(port, "CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
      if (i < MASTERS) {
        String first = Integer.toString(i * SLOTS / MASTERS);
        String last = Integer.toString((i + 1) * SLOTS / MASTERS - 1);
        RespClient.text(port, "CLUSTER", "ADDSLOTSRANGE", first, last);
      }
    }
  }

  private void introduce() throws IOException {
    String port = Integer.toString(nodes.getFirst().port());
    String busPort = Integer.toString(busPorts.getFirst());
    for (RedisServer node : nodes.subList(1, nodes.size())) {
      RespClient.text(node.port(), "CLUSTER", "MEET", "127.0.0.1", port, busPort);
    }
    await("all nodes know each other", Deadline.START, "cluster_known_nodes:" + nodes.size());
  }

  private void replicate() throws IOException {
    for (int i = MASTERS; i < nodes.size(); i++) {
      String master = RespClient.text(nodes.get(i % MASTERS).port(), "CLUSTER", "MYID");
      int replica = nodes.get(i).port();
      RespClient.text(replica, "CLUSTER", "REPLICATE", master);
      Deadline.in(Deadline.START)
          .await(
              "a replica has joined its master",
              () ->
                  RespClient.text(replica, "INFO", "replication").contains("master_link_status:up"),
              this::logTails);
    }
  }

  /** Waits until every running node reports {@code cluster_state:ok}. */
  public void awaitOk(Duration timeout) {
    await("the cluster is well", timeout, "cluster_state:ok");
  }

  /**
   * Waits until another node serves the slot of this key, such as a replica of a dead master.
   *
   * @throws ServerFailure with the ends of the logs after the time-out
   */
  public void awaitMove(String key, RedisServer from, Duration timeout) {
    Deadline.in(timeout)
        .await("another node serves " + key, () -> served(key, from), this::logTails);
    awaitOk(timeout);
  }

  private boolean served(String key, RedisServer from) throws IOException {
    for (RedisServer node : nodes) {
      // Only the new owner answers without a redirection.
      if (node != from && node.isRunning() && !(exists(node, key) instanceof Refusal)) {
        return true;
      }
    }
    return false;
  }

  private static RespClient.Reply exists(RedisServer node, String key) throws IOException {
    return RespClient.once(node.port(), "EXISTS", key);
  }

  private void await(String what, Duration timeout, String fact) {
    Deadline.in(timeout)
        .await(
            what,
            () -> {
              for (RedisServer node : nodes) {
                if (node.isRunning()
                    && !RespClient.text(node.port(), "CLUSTER", "INFO").contains(fact)) {
                  return false;
                }
              }
              return true;
            },
            this::logTails);
  }

  /** All nodes, the masters before their replicas. */
  public List<RedisServer> nodes() {
    return List.copyOf(nodes);
  }

  /** The URL of the first node; clients find the others by it. */
  public String url() {
    return nodes.getFirst().url();
  }

  /** The URL of each node, for a client that starts while some are down. */
  public List<String> urls() {
    return nodes.stream().map(RedisServer::url).toList();
  }

  /**
   * The node that serves the slot of this key, according to the first running node.
   *
   * @throws ServerFailure when no node serves it
   */
  public RedisServer nodeOf(String key) {
    RedisServer asked =
        nodes.stream()
            .filter(RedisServer::isRunning)
            .findFirst()
            .orElseThrow(() -> new ServerFailure("no node of the cluster runs"));
    try {
      if (!(exists(asked, key) instanceof Refusal(String message))) {
        return asked;
      }
      Matcher moved = MOVED.matcher(message);
      if (moved.matches()) {
        int port = Integer.parseInt(moved.group(1));
        return nodes.stream().filter(node -> node.port() == port).findFirst().orElseThrow();
      }
      throw new ServerFailure(asked + " does not know who serves " + key + ": " + message);
    } catch (IOException e) {
      throw new ServerFailure(asked + " does not answer: " + e.getMessage(), e);
    }
  }

  private String logTails() {
    return nodes.stream().map(node -> node + ":\n" + node.logTail()).collect(joining("\n"));
  }

  /** Kills all nodes and deletes their files. */
  @Override
  public void close() {
    nodes.forEach(RedisServer::close);
  }
}
