package io.streamfleet.worker.fleet;

import io.streamfleet.embedded.RedisServer;
import io.streamfleet.handler.MessageHandler;
import java.util.ArrayList;
import java.util.List;

/**
 * A Redis of its own with the stream {@code in} and its group {@code g}, and workers in this JVM
 * that read it. All of it ends with the fleet, the workers first.
 */
public final class Fleet implements AutoCloseable {

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final GroupView group = new GroupView(traffic, "in", "g");
  private final List<TestWorker> workers = new ArrayList<>();

  /** The server, for what is done to it. */
  public RedisServer redis() {
    return redis;
  }

  /** A client that publishes and looks. */
  public Traffic traffic() {
    return traffic;
  }

  /** What Redis knows of the group. */
  public GroupView group() {
    return group;
  }

  /** Starts a worker named {@code w1} and waits until it is ready. */
  public TestWorker worker(QuickManifest manifest, RecordingHandler handler) throws Exception {
    return worker("w1", manifest, handler);
  }

  /** Starts a worker and waits until it is ready. */
  public TestWorker worker(String name, QuickManifest manifest, MessageHandler handler)
      throws Exception {
    TestWorker worker = TestWorker.start(manifest.text(), name, handler, redis.url());
    workers.add(worker);
    return worker;
  }

  /** Publishes messages of a channel, each with the next {@code n}, from 0 on. */
  public void publish(String channel, int count) {
    for (int i = 0; i < count; i++) {
      traffic.publish("in", channel);
    }
  }

  /** Publishes a message of a channel; returns the entry's id. */
  public String publish(String channel) {
    return traffic.publish("in", channel);
  }

  /** Whether everything that was delivered is settled. */
  public boolean hasNothingPending() {
    return group.isEmpty();
  }

  @Override
  public void close() throws Exception {
    try (redis;
        traffic) {
      for (TestWorker worker : workers) {
        worker.close();
      }
    }
  }
}
