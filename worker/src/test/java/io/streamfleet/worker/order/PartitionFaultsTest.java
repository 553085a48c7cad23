package io.streamfleet.worker.order;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.lettuce.core.XAddArgs;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.fleet.WorkerProcess;
import io.streamfleet.worker.partition.Partitions;
import io.streamfleet.worker.recovery.NotedHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers of partitions die, stand still, come and go, and Redis stands still and breaks all
 * connections, while messages are published: none is lost, none is skipped, none is begun after a
 * younger one of its channel was settled, and no two workers handle a channel at once. Redis itself
 * says when an entry was settled.
 *
 * <p>{@code -Dpartition.faults=500} makes it long, {@code -Dpartition.seed} chooses the faults.
 */
class PartitionFaultsTest {

  private static final Partitions EIGHT = new Partitions("in", 8);
  private static final int CHANNELS = 24;
  private static final int FAULTS = Integer.getInteger("partition.faults", 5);
  private static final long SEED = Long.getLong("partition.seed", 1);

  /** A worker that was stopped between its last look at the clock and the handler's first line. */
  private static final long EXCUSED_MICROS = TimeUnit.MILLISECONDS.toMicros(200);

  private static final Pattern ACKNOWLEDGED =
      Pattern.compile("^\\+?(\\d+)\\.(\\d{6}) .*\"XACK\" \"in:\\{\\d+}\" \"g\" (.*)$");
  private static final Pattern ID = Pattern.compile("\"(\\d+)-1\"");

  @TempDir private Path folder;

  private final RedisServer redis = RedisServer.plain();
  private final Traffic traffic = new Traffic(redis.url());
  private final PayloadWriter writer = new PayloadWriter();
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Map<String, WorkerProcess> workers = new TreeMap<>();

  /** When Redis acknowledged an entry for the first time, by its number. */
  private final Map<Integer, Long> settled = new ConcurrentHashMap<>();

  /** When a worker was stopped, and went on. */
  private final List<Stop> stops = new ArrayList<>();

  private int lives;
  private int published;
  private volatile boolean enough;

  @AfterEach
  void close() throws Exception {
    for (WorkerProcess worker : workers.values()) {
      worker.close();
    }
    traffic.close();
    redis.close();
  }

  @Test
  void nothingIsLostSkippedOrBegunAfterAYoungerEntryThatIsSettled() throws Exception {
    try (Socket monitor = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      Thread.ofVirtual().start(() -> watch(monitor));
      start("w1");
      start("w2");
      CompletableFuture<Void> publisher =
          CompletableFuture.runAsync(this::publish, task -> Thread.ofPlatform().start(task));
      for (int fault = 0; fault < FAULTS; fault++) {
        cause(random.nextInt(6));
        int before = settled.size();
        await().atMost(Duration.ofSeconds(60)).until(() -> settled.size() > before + 20);
      }
      enough = true;
      publisher.join();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  settled.size() == published
                      && EIGHT.streams().stream().allMatch(it -> traffic.pending(it, "g") == 0));
    }
    theRulesAreKept();
    assertThat(traffic.redis().exists("dlq")).isZero();
  }

  private void cause(int kind) throws Exception {
    Map.Entry<String, WorkerProcess> any =
        List.copyOf(workers.entrySet()).get(random.nextInt(workers.size()));
    String name = any.getKey();
    WorkerProcess worker = any.getValue();
    switch (kind) {
      case 0 -> {
        worker.kill();
        workers.remove(name);
        start(random.nextBoolean() ? name : "w" + (3 + lives));
      }
      case 1 -> {
        long from = System.currentTimeMillis() * 1_000;
        worker.signal("STOP");
        pause(500, 4_000);
        worker.signal("CONT");
        stops.add(new Stop(from, System.currentTimeMillis() * 1_000));
      }
      case 2 -> {
        start("w" + (3 + lives));
        worker.terminate();
        workers.remove(name);
      }
      case 3 -> {
        redis.pause();
        pause(300, 2_500);
        redis.resume();
      }
      case 4 -> breakConnections();
      default -> {
        if (workers.size() < 3) {
          start("w" + (3 + lives));
        } else {
          worker.terminate();
          workers.remove(name);
        }
      }
    }
  }

  /** All but that of the test, and its view of what Redis does. */
  private void breakConnections() {
    traffic
        .redis()
        .clientList()
        .lines()
        .filter(line -> !line.contains(" flags=O ") && !line.contains(" cmd=client|list "))
        .map(line -> Long.valueOf(line.replaceAll("^id=(\\d+) .*$", "$1")))
        .forEach(id -> traffic.redis().clientKill(KillArgs.Builder.id(id)));
  }

  /** How long a fault lasts: nothing is waited for. */
  private void pause(int least, int most) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(least, most));
  }

  private void start(String consumer) throws IOException {
    Path file = folder.resolve("manifest-" + ++lives + ".yaml");
    Files.writeString(
        file,
        """
        redis: {url: "%s", commandTimeout: 1s}
        inbound:
          streams: [in]
          group: g
          partitions: {count: 8}
          ordering: {lockTtl: 2s}
          handler: {class: %s, options: {notes: "%s", times: "true"}}
        retry: {maxAttempts: 100, initialBackoff: 10ms, maxBackoff: 100ms}
        autoclaim: {maxDeliveries: 100}
        deadLetter: {stream: dlq}
        workers: {drainTimeout: 1s}
        """
            .formatted(
                redis.url(), NotedHandler.class.getName(), folder.resolve("notes-" + lives)));
    WorkerProcess worker =
        WorkerProcess.start(
            folder,
            List.of("-Xmx96m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
            List.of("-f", file.toString(), "--consumer", consumer, "--port", "0"));
    workers.put(consumer, worker);
    worker.awaitConsuming();
  }

  /** Publishes some hundred messages a second, a part of which take a while. */
  private void publish() {
    SplittableRandom its = new SplittableRandom(SEED + 1);
    try (Traffic own = new Traffic(redis.url())) {
      while (!enough) {
        int number = published + 1;
        String channel = channelOf(number);
        byte[] data =
            writer.write(
                Map.of("channel_id", channel, "do", its.nextInt(3) == 0 ? "insist 50" : ""));
        if (append(own, channel, number, data)) {
          published = number;
        }
        // A pace, not a wait.
        TimeUnit.MILLISECONDS.sleep(5);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean append(Traffic own, String channel, int number, byte[] data) {
    try {
      own.redis()
          .xadd(
              EIGHT.streamOf(EIGHT.of(channel)),
              XAddArgs.Builder.maxlen(1_000_000).id(number + "-1"),
              Map.of("data", data));
      return true;
    } catch (io.lettuce.core.RedisCommandExecutionException e) {
      // An earlier try had succeeded, and its reply was lost.
      return String.valueOf(e.getMessage()).contains("equal or smaller");
    } catch (io.lettuce.core.RedisException e) {
      return false;
    }
  }

  private static String channelOf(int number) {
    return "c" + number % CHANNELS;
  }

  /** Takes note of what Redis acknowledges. */
  private void watch(Socket monitor) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(monitor.getInputStream(), US_ASCII))) {
      monitor.getOutputStream().write("MONITOR\r\n".getBytes(US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher found = ACKNOWLEDGED.matcher(line);
        if (found.matches()) {
          long at = Long.parseLong(found.group(1)) * 1_000_000 + Long.parseLong(found.group(2));
          ID.matcher(found.group(3))
              .results()
              .forEach(id -> settled.putIfAbsent(Integer.valueOf(id.group(1)), at));
        }
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  // --- the rules

  private record Stop(long from, long to) {

    /** Whether something is later than it should be because of it. */
    boolean excuses(long began, long ended) {
      return began < to + EXCUSED_MICROS && ended > from - EXCUSED_MICROS;
    }
  }

  /**
   * A call of the handler.
   *
   * @param ended 0 if the worker died meanwhile
   */
  private record Call(int number, int life, long began, long ended) {

    boolean overlaps(Call other) {
      return life != other.life && began < other.ended && other.began < ended;
    }
  }

  private void theRulesAreKept() throws IOException {
    Map<String, List<Call>> byChannel = new HashMap<>();
    for (int life = 1; life <= lives; life++) {
      for (Call call : calls(life)) {
        byChannel.computeIfAbsent(channelOf(call.number()), _ -> new ArrayList<>()).add(call);
      }
    }
    assertThat(byChannel).hasSize(CHANNELS);
    byChannel.forEach(
        (channel, calls) -> {
          calls.sort(Comparator.comparingLong(Call::began));
          assertThat(calls.stream().map(Call::number).distinct().toList())
              .as("the first calls of " + channel)
              .isSorted();
          assertThat(calls).as(channel).noneMatch(this::isAfterAYounger);
          for (int i = 1; i < calls.size(); i++) {
            Call before = calls.get(i - 1);
            Call call = calls.get(i);
            assertThat(call.overlaps(before) && !isExcused(before.began(), call.ended()))
                .as("%s and %s of %s at the same time", before, call, channel)
                .isFalse();
          }
        });
    for (int number = 1; number + CHANNELS <= published; number++) {
      assertThat(settled.get(number))
          .as("when %d was settled, beside the next of its channel", number)
          .isLessThanOrEqualTo(settled.get(number + CHANNELS));
    }
  }

  private List<Call> calls(int life) throws IOException {
    Map<Integer, Long> begun = new HashMap<>();
    List<Call> calls = new ArrayList<>();
    for (String line : NotedHandler.read(folder.resolve("notes-" + life))) {
      String[] words = line.split(" ", -1);
      int number = Integer.parseInt(words[1].split("-", 2)[0]);
      long at = Long.parseLong(words[5]);
      Long began = begun.put(number, at);
      if (words[0].equals("ended")) {
        calls.add(new Call(number, life, began == null ? at : began, at));
        begun.remove(number);
      } else if (began != null) {
        // It was interrupted, and begun again.
        calls.add(new Call(number, life, began, began));
      }
    }
    begun.forEach((number, at) -> calls.add(new Call(number, life, at, 0)));
    return calls;
  }

  private boolean isExcused(long began, long ended) {
    return stops.stream().anyMatch(stop -> stop.excuses(began, ended));
  }

  private boolean isAfterAYounger(Call call) {
    if (isExcused(call.began(), call.began())) {
      return false;
    }
    for (int younger = call.number() + CHANNELS; younger <= published; younger += CHANNELS) {
      if (settled.getOrDefault(younger, Long.MAX_VALUE) < call.began()) {
        return true;
      }
    }
    return false;
  }
}
