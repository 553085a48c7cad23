package io.streamfleet.worker.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.lettuce.core.Consumer;
import io.streamfleet.handler.Handled;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.Gate;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.fleet.WorkerProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** If a lock is lost while a handler runs, the handler is stopped, and the entry handled again. */
class LostLockTest {

  private static final String LOCK = "sg:lock:channel:c";
  private static final QuickManifest MANIFEST = QuickManifest.calm().ordering("{lockTtl: 1s}");

  @AutoClose private final Fleet fleet = new Fleet();
  private final Traffic traffic = fleet.traffic();

  /** The first call waits at the gate; the others end at once. */
  private static RecordingHandler heldUpOnce(Gate gate) {
    return new RecordingHandler(
        message -> {
          if (gate.reached() == 0) {
            gate.pass();
          }
          return Handled.nothing();
        });
  }

  @Test
  void isHandledAgainWhenTheLockWasDeleted() throws Exception {
    Gate gate = new Gate();
    RecordingHandler handler = heldUpOnce(gate);
    TestWorker worker = fleet.worker(MANIFEST, handler);
    fleet.publish("c");
    fleet.publish("c");
    await().until(() -> gate.reached() == 1);

    traffic.redis().del(LOCK);

    await().until(() -> handler.finished().size() == 2);
    assertThat(gate.interrupted()).isEqualTo(1);
    assertThat(handler.started())
        .extracting(RecordingHandler.Call::number)
        .containsExactly(0L, 0L, 1L);
    assertThat(handler.started()).extracting(RecordingHandler.Call::attempt).containsOnly(1);
    await().until(() -> fleet.hasNothingPending());
    assertThat(worker.metric("streamfleet_lock_lost_total", "stream", "in")).isEqualTo(1);
  }

  @Test
  void waitsForTheNewHolderOfTheLock() throws Exception {
    Gate gate = new Gate();
    RecordingHandler handler = heldUpOnce(gate);
    TestWorker worker = fleet.worker(MANIFEST, handler);
    fleet.publish("c");
    await().until(() -> gate.reached() == 1);

    traffic.redis().set(LOCK, Traffic.text("a-python-worker"));

    await().until(() -> gate.interrupted() == 1);
    await().until(() -> worker.metric("streamfleet_parked", "loop", "inbound") == 1);
    assertThat(handler.started()).hasSize(1);
    assertThat(handler.finished()).isEmpty();
    assertThat(traffic.pending("in", "g")).isEqualTo(1);
    assertThat(traffic.holder(LOCK)).isEqualTo("a-python-worker");

    traffic.redis().del(LOCK);
    await().until(() -> handler.finished().size() == 1);
    await().until(() -> fleet.hasNothingPending());
  }

  /** The result of a handler that ignores its interruption is discarded. */
  @Test
  void doesNotAcknowledgeEntriesHandledWithoutALock() throws Exception {
    Gate gate = new Gate();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              if (gate.reached() == 0) {
                try {
                  gate.pass();
                } catch (InterruptedException e) {
                  return Handled.nothing();
                }
              }
              return Handled.nothing();
            });
    TestWorker worker = fleet.worker(MANIFEST, handler);
    fleet.publish("c");
    await().until(() -> gate.reached() == 1);
    traffic.redis().set(LOCK, Traffic.text("a-python-worker"));

    await().until(() -> worker.metric("streamfleet_parked", "loop", "inbound") == 1);
    assertThat(handler.finished()).hasSize(1);
    assertThat(traffic.pending("in", "g")).isEqualTo(1);

    traffic.redis().del(LOCK);
    await().until(() -> handler.finished().size() == 2 && fleet.hasNothingPending());
  }

  /** Redis can't be asked while it is away, so the worker uses its own clock to expire the lock. */
  @Test
  void stopsTheHandlerByItsOwnClockWhileRedisIsAway() throws Exception {
    Gate gate = new Gate();
    RecordingHandler handler = heldUpOnce(gate);
    TestWorker worker = fleet.worker(MANIFEST, handler);
    fleet.publish("c");
    await().until(() -> gate.reached() == 1);

    fleet.redis().pause();
    try {
      await().until(() -> gate.interrupted() == 1);
      assertThat(handler.started()).hasSize(1);
    } finally {
      fleet.redis().resume();
    }

    await().until(() -> handler.finished().size() == 1);
    await().until(() -> fleet.hasNothingPending());
    assertThat(worker.metric("streamfleet_lock_lost_total", "stream", "in")).isEqualTo(1);
  }

  /** Without a lock, the handler is stopped if the entry is no longer pending for the worker. */
  @Test
  void stopsTheHandlerOfAnEntryThatAnotherClaimed() throws Exception {
    Gate gate = new Gate();
    RecordingHandler handler = heldUpOnce(gate);
    QuickManifest manifest =
        QuickManifest.calm()
            .with("autoclaim", "{interval: 1h, minIdle: 1500ms, maxDeliveries: 10}")
            .ordering("{mode: None}");
    TestWorker worker = fleet.worker(manifest, handler);
    String id = fleet.publish("c");
    await().until(() -> gate.reached() == 1);

    traffic.redis().xclaim("in", Consumer.from("g", "another"), 0, id);

    await().until(() -> gate.interrupted() == 1);
    await()
        .until(
            () ->
                worker.metric("streamfleet_entries_lost_total", "stream", "in", "group", "g") == 1);
    assertThat(owners()).containsExactly("another");
    assertThat(handler.started()).hasSize(1);
  }

  /** A worker is suspended until its locks have expired and its entries were claimed. */
  @Test
  void leavesAloneWhatOthersTookOverWhileItsProcessWasStopped(@TempDir Path folder)
      throws Exception {
    Gate answer = new Gate();
    Gate other = new Gate();
    List<String> calls = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          calls.add(exchange.getRequestHeaders().getFirst("ce-id"));
          try {
            answer.pass();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    RecordingHandler handler =
        new RecordingHandler(
            message -> {
              other.pass();
              return Handled.nothing();
            });
    Path manifest = folder.resolve("manifest.yaml");
    Files.writeString(
        manifest,
        QuickManifest.hasty()
            .with(
                "inbound",
                "{streams: [in], group: g, ordering: {lockTtl: 1s}, handler: {http: {url:"
                    + " 'http://127.0.0.1:"
                    + server.getAddress().getPort()
                    + "/', timeout: 60s}}}")
            .text());
    try (WorkerProcess sleeper =
        WorkerProcess.start(
            folder,
            List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
            List.of(
                "-f",
                manifest.toString(),
                "--consumer",
                "sleeper",
                "--port",
                "0",
                "--redis-url",
                fleet.redis().url()))) {
      sleeper.awaitConsuming();
      List<String> ids = IntStream.range(0, 5).mapToObj(i -> fleet.publish("c")).toList();
      await().until(() -> calls.size() == 1);
      sleeper.signal("STOP");

      TestWorker heir = fleet.worker("heir", QuickManifest.hasty(), handler);
      await().atMost(Duration.ofSeconds(20)).until(() -> other.reached() == 1);
      await().until(() -> owners().equals(List.of("heir", "heir", "heir", "heir", "heir")));
      answer.open();
      sleeper.signal("CONT");

      await().until(() -> sleeper.log().contains("lock was lost"));
      // It reads and renews again, so it has found out about its entries.
      String fresh = traffic.publish("in", Map.of("channel_id", "fresh", "is_addressed", false));
      await().until(() -> calls.contains(fresh) || handlerSaw(handler, fresh));
      assertThat(owners()).contains("heir");
      assertThat(traffic.pending("in", "g")).isGreaterThanOrEqualTo(5);
      other.open();
      await().until(() -> fleet.hasNothingPending());

      assertThat(handler.finished()).extracting(RecordingHandler.Call::id).containsSubsequence(ids);
      assertThat(calls).filteredOn(ids::contains).containsExactly(ids.getFirst());
      assertThat(heir.metric("streamfleet_entries_lost_total", "stream", "in", "group", "g"))
          .isZero();
    } finally {
      server.stop(0);
    }
  }

  private static boolean handlerSaw(RecordingHandler handler, String id) {
    return handler.started().stream().anyMatch(call -> call.id().equals(id));
  }

  private List<String> owners() {
    return fleet.group().rows().stream().map(GroupView.Row::consumer).toList();
  }
}
