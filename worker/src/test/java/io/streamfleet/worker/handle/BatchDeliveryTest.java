package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.streamfleet.api.BatchSpec;
import io.streamfleet.redis.EntryId;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.worker.entry.AnswerWarning;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.TestWorker;
import io.streamfleet.worker.fleet.Traffic;
import io.streamfleet.worker.http.HttpLoops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Entries of a worker on their way to a handler that takes several in one request. */
@Timeout(60)
class BatchDeliveryTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private static final String DONE = "HTTP/1.1 204 No Content\r\n\r\n";

  /** So long that what is published together is together in a request. */
  private static final BatchSpec PATIENT = new BatchSpec(50, Duration.ofMillis(100));

  private static final QuickManifest UNORDERED = QuickManifest.calm().ordering("{mode: None}");

  private final List<AnswerWarning> doubts = new CopyOnWriteArrayList<>();

  /** An event of a batch. */
  private record Event(JsonNode json) {

    String attribute(String name) {
      return json.path(name).asText();
    }

    String channel() {
      return json.path("data").path("channel_id").asText();
    }

    int attempt() {
      return Integer.parseInt(attribute("attempt"));
    }

    /** A result, with more keys. */
    String result(int status, String more) {
      return "{\"id\":\"%s\",\"source\":\"%s\",\"status\":%d%s}"
          .formatted(attribute("id"), attribute("source"), status, more);
    }
  }

  private static List<Event> events(ScriptedServer.Request request) {
    try {
      return StreamSupport.stream(JSON.readTree(request.body()).spliterator(), false)
          .map(Event::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<List<Event>> batches(ScriptedServer server) {
    return server.requests().stream().map(BatchDeliveryTest::events).toList();
  }

  private static List<Event> all(ScriptedServer server) {
    return batches(server).stream().flatMap(List::stream).toList();
  }

  /** A server that answers each batch with what the function makes of it: a status, or a body. */
  private static ScriptedServer answering(Function<List<Event>, String> answer) {
    return ScriptedServer.playing(
        connection -> {
          while (true) {
            connection.readRequest();
            connection.send(answer.apply(events(connection.request())));
          }
        });
  }

  private static String results(List<String> results) {
    return ScriptedServer.answer(
        "200 OK", "application/json", "[" + String.join(",", results) + "]");
  }

  private static String status(int status) {
    return "HTTP/1.1 " + status + " Said\r\ncontent-length: 0\r\n\r\n";
  }

  @Test
  void entriesOfDifferentChannelsShareARequestAndEachChannelKeepsItsOrder() throws Exception {
    try (ScriptedServer server = answering(_ -> DONE);
        HttpHandler handler = handler(server, new BatchSpec(4, Duration.ofMillis(20)));
        Fleet fleet = new Fleet()) {
      for (int i = 0; i < 6; i++) {
        fleet.publish("c" + i, 10);
      }
      TestWorker worker = fleet.worker("w1", QuickManifest.calm(), handler);

      await().until(() -> all(server).size() == 60 && fleet.hasNothingPending());

      for (List<Event> batch : batches(server)) {
        assertThat(batch).hasSizeBetween(1, 4);
        assertThat(batch.stream().map(Event::channel)).doesNotHaveDuplicates();
      }
      Map<String, List<EntryId>> byChannel =
          all(server).stream()
              .collect(
                  Collectors.groupingBy(
                      Event::channel,
                      Collectors.mapping(
                          it -> EntryId.parse(it.attribute("id")), Collectors.toList())));
      assertThat(byChannel.values()).allSatisfy(ids -> assertThat(ids).hasSize(10).isSorted());
      assertThat(worker.metric("streamfleet_handler_batch_messages_sum", labels())).isEqualTo(60);
      assertThat(worker.metric("streamfleet_handler_batch_messages_count", labels()))
          .isEqualTo(server.requests().size())
          .isLessThan(60);
    }
  }

  @Test
  void anEventHasTheAttributesThatAMessageOfItsOwnHasAsHeaders() throws Exception {
    try (ScriptedServer server = answering(_ -> DONE);
        HttpHandler handler = handler(server, PATIENT);
        Fleet fleet = new Fleet()) {
      fleet.worker("w1", UNORDERED, handler);
      String id =
          fleet
              .traffic()
              .redis()
              .xadd(
                  "in",
                  Map.of(
                      "data",
                      new PayloadWriter().write(Map.of("channel_id", "Grüße \"€\" 😀")),
                      "trace_id",
                      Traffic.text("trace-1"),
                      "traceparent",
                      Traffic.text(TRACEPARENT)));

      await().until(() -> server.requests().size() == 1);

      ScriptedServer.Request request = server.requests().getFirst();
      assertThat(request.headers())
          .containsEntry("content-type", "application/cloudevents-batch+json")
          .doesNotContainKey("ce-id");
      Event event = all(server).getFirst();
      assertThat(event.json().properties().stream().map(Map.Entry::getKey))
          .containsExactlyInAnyOrder(
              "specversion",
              "datacontenttype",
              "consumer",
              "source",
              "id",
              "type",
              "subject",
              "time",
              "traceid",
              "attempt",
              "traceparent",
              "data");
      assertThat(event.attribute("traceparent")).isEqualTo(TRACEPARENT);
      assertThat(event.attribute("specversion")).isEqualTo("1.0");
      assertThat(event.attribute("datacontenttype")).isEqualTo("application/json");
      assertThat(event.attribute("id")).isEqualTo(id);
      assertThat(event.attribute("source")).isEqualTo("in");
      assertThat(event.attribute("type")).isEqualTo("io.streamfleet.inbound");
      assertThat(event.attribute("subject")).isEqualTo("Grüße \"€\" 😀").isEqualTo(event.channel());
      assertThat(event.attribute("consumer")).isEqualTo("w1");
      assertThat(event.attempt()).isEqualTo(1);
    }
  }

  @Test
  void eachEventIsSettledByItsOwnResult() throws Exception {
    Function<List<Event>, String> bot =
        batch -> {
          List<String> results = new ArrayList<>();
          for (Event event : batch) {
            boolean again = event.attempt() > 1;
            switch (event.channel()) {
              case "fails" -> results.add(event.result(again ? 200 : 500, ""));
              case "never" -> results.add(event.result(422, ",\"error\":\"no\\nsuch user\""));
              case "forgotten" -> {
                if (again) {
                  results.add(event.result(204, ""));
                }
              }
              case "twice" -> {
                results.add(event.result(200, ""));
                if (!again) {
                  results.add(event.result(500, ""));
                }
              }
              case "nonsense" -> results.add(event.result(99, ""));
              case "emits" ->
                  results.add(
                      event.result(
                          200, ",\"outbound\":[{\"platform\":\"discord\",\"payload\":{\"a\":1}}]"));
              default -> results.add(event.result(200, ",\"outbond\":[]"));
            }
          }
          results.add("{\"id\":\"1-1\",\"source\":\"elsewhere\",\"status\":500}");
          return results(results);
        };
    try (ScriptedServer server = answering(bot);
        HttpHandler handler = handler(server, PATIENT);
        Fleet fleet = new Fleet()) {
      fleet.worker("w1", UNORDERED, handler);
      List<String> channels =
          List.of("fails", "never", "forgotten", "twice", "nonsense", "emits", "well");
      Map<String, String> ids = new ConcurrentHashMap<>();
      channels.forEach(channel -> ids.put(channel, fleet.publish(channel)));

      await().until(() -> all(server).size() == 10 && fleet.hasNothingPending());

      Map<String, Integer> attempts =
          all(server).stream().collect(Collectors.toMap(Event::channel, Event::attempt, Math::max));
      assertThat(attempts)
          .containsEntry("fails", 2)
          .containsEntry("forgotten", 2)
          .containsEntry("twice", 2)
          .containsEntry("never", 1)
          .containsEntry("emits", 1)
          .containsEntry("well", 1);
      assertThat(deadLetters(fleet))
          .containsOnlyKeys(
              Objects.requireNonNull(ids.get("never")), Objects.requireNonNull(ids.get("nonsense")))
          .hasEntrySatisfying(
              Objects.requireNonNull(ids.get("never")),
              error -> assertThat(error).contains("answered 422 for the event: no such user"))
          .hasEntrySatisfying(
              Objects.requireNonNull(ids.get("nonsense")),
              error -> assertThat(error).contains("status must be a number from 200 to 599"));
      assertThat(fleet.traffic().redis().xlen("sg:stream:outbound:discord")).isEqualTo(1);
      assertThat(doubts).contains(AnswerWarning.UNKNOWN_EVENT, AnswerWarning.UNKNOWN_KEY);
      // Who failed may make others fail, so it goes alone from then on.
      assertThat(batches(server))
          .filteredOn(batch -> batch.stream().anyMatch(it -> it.attempt() > 1))
          .hasSize(3)
          .allSatisfy(batch -> assertThat(batch).hasSize(1));
    }
  }

  @Test
  void aMessageThatMakesItsBatchFailCostsTheOthersNoAttempt() throws Exception {
    Function<List<Event>, String> bot =
        batch -> batch.stream().anyMatch(it -> it.channel().equals("poison")) ? status(400) : DONE;
    try (ScriptedServer server = answering(bot);
        HttpHandler handler = handler(server, PATIENT);
        Fleet fleet = new Fleet()) {
      fleet.worker("w1", UNORDERED, handler);
      fleet.publish("good", 5);
      String poison = fleet.publish("poison");
      fleet.publish("good", 5);

      await().until(() -> deadLetters(fleet).size() == 1 && fleet.hasNothingPending());

      assertThat(deadLetters(fleet)).containsOnlyKeys(poison);
      assertThat(all(server)).allSatisfy(event -> assertThat(event.attempt()).isEqualTo(1));
      Set<String> handled =
          batches(server).stream()
              .filter(batch -> batch.stream().noneMatch(it -> it.channel().equals("poison")))
              .flatMap(List::stream)
              .map(it -> it.attribute("id"))
              .collect(Collectors.toSet());
      assertThat(handled).hasSize(10);
    }
  }

  @Test
  void aMessageThatKillsTheHandlerInTheMidstOfABatchDiesAlone() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  while (true) {
                    connection.readRequest();
                    if (events(connection.request()).stream()
                        .anyMatch(it -> it.channel().equals("killer"))) {
                      connection.reset();
                    }
                    connection.send(DONE);
                  }
                });
        HttpHandler handler = handler(server, PATIENT);
        Fleet fleet = new Fleet()) {
      fleet.worker(
          "w1",
          UNORDERED.with("retry", "{initialBackoff: 10ms, maxBackoff: 20ms, maxAttempts: 2}"),
          handler);
      fleet.publish("good", 6);
      String killer = fleet.publish("killer");
      fleet.publish("good", 6);

      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> deadLetters(fleet).size() == 1 && fleet.hasNothingPending());

      assertThat(deadLetters(fleet)).containsOnlyKeys(killer);
      assertThat(all(server))
          .filteredOn(event -> event.channel().equals("good"))
          .allSatisfy(event -> assertThat(event.attempt()).isEqualTo(1));
    }
  }

  @Test
  void oneAnswerThatTheHandlerIsUnavailableIsOneAnswerForTheBreaker() throws Exception {
    AtomicBoolean was = new AtomicBoolean();
    Function<List<Event>, String> bot =
        batch -> batch.size() > 20 && was.compareAndSet(false, true) ? status(503) : DONE;
    try (ScriptedServer server = answering(bot);
        HttpHandler handler = handler(server, PATIENT);
        Fleet fleet = new Fleet()) {
      TestWorker worker = fleet.worker("w1", UNORDERED, handler);
      await()
          .until(
              () -> {
                fleet.publish("c", 30);
                return was.get();
              });

      await().until(fleet::hasNothingPending);

      assertThat(
              worker.metric(
                  "streamfleet_breaker_opened_total",
                  "endpoint",
                  server.url(""),
                  "cause",
                  "unavailable"))
          .isZero();
      assertThat(fleet.traffic().redis().exists("dlq")).isZero();
    }
  }

  @Test
  void anEntryThatIsCancelledLeavesItsBatchAndTheOthersStay() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  while (true) {
                    connection.readRequest();
                    cancelled.await(20, TimeUnit.SECONDS);
                    connection.send(
                        results(
                            events(connection.request()).stream()
                                .map(it -> it.result(200, ""))
                                .toList()));
                  }
                });
        HttpHandler handler = handler(server, PATIENT);
        Fleet fleet = new Fleet()) {
      TestWorker worker = fleet.worker("w1", UNORDERED, handler);
      String first = fleet.publish("a");
      fleet.publish("b");
      await().until(() -> all(server).size() == 2);

      cancel(fleet, first);

      await().until(() -> fleet.group().rows().size() == 1);
      cancelled.countDown();
      await().until(fleet::hasNothingPending);
      assertThat(all(server)).hasSize(2);
      assertThat(worker.metric("streamfleet_entries_cancelled_total", "stream", "in", "group", "g"))
          .isEqualTo(1);
    }
  }

  @Test
  void aBatchThatAllItsEntriesHaveLeftIsHungUpOn() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.playing(
                connection -> {
                  connection.readRequest();
                  connection.waitForHangUp();
                });
        HttpHandler handler = handler(server, PATIENT);
        Fleet fleet = new Fleet()) {
      fleet.worker("w1", UNORDERED, handler);
      List<String> ids = List.of(fleet.publish("a"), fleet.publish("b"), fleet.publish("c"));
      await().until(() -> all(server).size() == 3);

      ids.forEach(id -> cancel(fleet, id));

      assertThat(server.sawClientHangUp()).isTrue();
      await().until(fleet::hasNothingPending);
      assertThat(all(server)).hasSize(3);
    }
  }

  @Test
  void aLongAnswerIsReadAndTheNextOneToo() throws Exception {
    String content = "x".repeat(12_000);
    Function<List<Event>, String> bot =
        batch ->
            results(
                batch.stream()
                    .map(
                        it ->
                            it.result(
                                200,
                                ",\"outbound\":[{\"platform\":\"p\",\"payload\":{\"t\":\""
                                    + content
                                    + "\"}}]"))
                    .toList());
    try (ScriptedServer server = answering(bot);
        HttpHandler handler =
            handler(
                server, new BatchSpec(10, Duration.ofMillis(100)), new ExchangeMemory(1 << 27));
        Fleet fleet = new Fleet()) {
      fleet.worker("w1", UNORDERED, handler);
      fleet.publish("c", 40);

      await().until(fleet::hasNothingPending);

      assertThat(fleet.traffic().redis().xlen("sg:stream:outbound:p")).isEqualTo(40);
    }
  }

  @Test
  void theConcurrencyOfAnEndpointCountsMessagesNotRequests() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Function<List<Event>, String> bot =
        batch -> {
          most.accumulateAndGet(now.addAndGet(batch.size()), Math::max);
          now.addAndGet(-batch.size());
          return DONE;
        };
    try (ScriptedServer server = answering(bot);
        HttpHandler handler = handler(server, PATIENT);
        Fleet fleet = new Fleet()) {
      fleet.worker(
          "w1",
          UNORDERED.with(
              "inbound",
              "{streams: [in], group: g, ordering: {mode: None}, limits: {concurrency: 3},"
                  + " handler: {builtin: Discard}}"),
          handler);
      fleet.publish("c", 12);

      await().until(() -> all(server).size() == 12 && fleet.hasNothingPending());

      assertThat(most).hasValueBetween(2, 3);
    }
  }

  private static String[] labels() {
    return new String[] {"direction", "inbound", "loop", "inbound"};
  }

  private static void cancel(Fleet fleet, String id) {
    fleet
        .traffic()
        .redis()
        .publish("sg:control:cancel", Traffic.text("{\"stream\":\"in\",\"entry\":\"" + id + "\"}"));
  }

  /** The errors of the dead letters, by the ids of their entries. */
  private static Map<String, String> deadLetters(Fleet fleet) {
    return fleet.traffic().redis().xrange("dlq", Range.unbounded()).stream()
        .collect(Collectors.toMap(it -> text(it, "original_msg_id"), it -> text(it, "error")));
  }

  private static String text(StreamMessage<String, byte[]> entry, String field) {
    return new String(Objects.requireNonNull(entry.getBody().get(field)), StandardCharsets.UTF_8);
  }

  private HttpHandler handler(ScriptedServer server, BatchSpec batch) {
    return handler(server, batch, ExchangeMemory.ofThisProcess());
  }

  private HttpHandler handler(ScriptedServer server, BatchSpec batch, ExchangeMemory memory) {
    return new HttpHandler(
        Endpoint.of(server.url("/"), Map.of()),
        batch,
        Duration.ofSeconds(50),
        "w1",
        memory,
        new HttpLoops(2),
        Clock.systemUTC(),
        new AnswerWarnings(doubts::add));
  }
}
