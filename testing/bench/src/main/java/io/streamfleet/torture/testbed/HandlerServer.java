package io.streamfleet.torture.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.streamfleet.redis.EntryId;
import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Handling;
import io.streamfleet.torture.evidence.Handling.Ending;
import io.streamfleet.torture.plan.Errand;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The handler of all workers, in this process, so that there is one clock. It does what a message
 * asks for, and records each call. While it works it watches the connection: a worker that
 * interrupts a call, or dies, closes it.
 */
public final class HandlerServer implements AutoCloseable {

  /** A hanging call waits for the worker's timeout; longer than any worker's. */
  private static final int HANG_MILLIS = 600_000;

  private final Journal journal;
  private final ObjectMapper json = new ObjectMapper();
  private final HandlerEntrance entrance;
  private final HandlerOutage outage;
  private volatile Consumer<String> executioner = worker -> {};
  private final Map<EntryKey, AtomicInteger> failures = new ConcurrentHashMap<>();

  private HandlerServer(Journal journal) throws IOException {
    this.journal = journal;
    this.entrance = new HandlerEntrance(this::serve);
    this.outage = new HandlerOutage(journal, entrance);
  }

  /** Listens on a free port of the loopback interface. */
  public static HandlerServer start(Journal journal) throws IOException {
    return new HandlerServer(journal);
  }

  /** Its troubles as a whole. */
  HandlerOutage outage() {
    return outage;
  }

  /** Sets the action that kills a worker whose message asks for it. */
  void executioner(Consumer<String> kills) {
    executioner = kills;
  }

  /** The URL of the handler. */
  String url() {
    return "http://127.0.0.1:" + entrance.port() + "/";
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      boolean more = true;
      while (more) {
        client.setSoTimeout(0);
        HttpRequest request = HttpRequest.read(in);
        more = request != null && handle(client, in, request);
      }
    } catch (IOException e) {
      // A worker that dies leaves incomplete requests, which are no calls.
    }
  }

  /** Returns whether the connection can be used for another request. */
  private boolean handle(Socket client, InputStream in, HttpRequest request) throws IOException {
    long began = journal.now();
    if (outage.isBusy()) {
      // No call: a message must not be able to tell that it was there.
      say(client.getOutputStream(), "503 Service Unavailable", List.of(), "");
      return true;
    }
    JsonNode message = json.readTree(request.body());
    EntryKey entry =
        new EntryKey(request.header("ce-source"), EntryId.parse(request.header("ce-id")));
    Errand errand = Errand.parse(message.path("do").asText());
    boolean fails = failures.getOrDefault(entry, new AtomicInteger()).get() < limit(errand);
    String worker = request.header("ce-consumer");
    boolean hangs = fails && isEndless(errand);
    boolean silent = hangs || outage.hangs();
    if (errand.kind() == Errand.Kind.FATAL) {
      executioner.accept(worker);
    }
    Ending ending =
        stays(client, in, silent ? HANG_MILLIS : errand.millis())
            ? ending(errand, fails)
            : client.isClosed() ? Ending.DROPPED : Ending.HUNG_UP;
    if (hangs || (fails && ending.isFailure())) {
      failures.computeIfAbsent(entry, key -> new AtomicInteger()).incrementAndGet();
    }
    journal.add(
        new Handling(
            entry,
            worker,
            request.headers().getOrDefault("ce-subject", ""),
            message.path("is_addressed").asBoolean(false),
            Integer.parseInt(request.header("ce-attempt")),
            began,
            journal.now(),
            ending,
            message.path("of").asText("")));
    // Recorded before it is sent: everything that follows from the answer begins after this end.
    boolean late =
        errand.kind() == Errand.Kind.FAIL_LATE
            && request.headers().containsKey(JavaHandler.CAN_FAIL_LATE);
    return answer(client.getOutputStream(), ending, errand, late, message, entry);
  }

  /** Whether there is no answer: the worker times out or is killed. */
  private static boolean isEndless(Errand errand) {
    return errand.kind() == Errand.Kind.HANG_ONCE || errand.kind() == Errand.Kind.FATAL;
  }

  private static int limit(Errand errand) {
    return errand.kind().failures();
  }

  /** Waits; returns whether the worker is still connected. */
  private static boolean stays(Socket client, InputStream in, int millis) throws IOException {
    if (millis == 0) {
      return true;
    }
    client.setSoTimeout(millis);
    try {
      return in.read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Ending ending(Errand errand, boolean fails) {
    return switch (errand.kind()) {
      case REFUSE -> Ending.REFUSED;
      case DROP_ONCE -> fails ? Ending.DROPPED : Ending.DONE;
      case PLAIN,
          EMIT,
          EMIT_BOTH,
          FAIL_ONCE,
          FAIL_TWICE,
          FAIL_LATE,
          POSTPONE,
          HANG_ONCE,
          POISON,
          FATAL,
          GARBAGE,
          TOO_LARGE ->
          fails ? Ending.FAILED : Ending.DONE;
    };
  }

  private boolean answer(
      OutputStream out,
      Ending ending,
      Errand errand,
      boolean late,
      JsonNode message,
      EntryKey entry)
      throws IOException {
    switch (ending) {
      case DONE -> {
        List<String> platforms = platforms(errand);
        say(
            out,
            "200 OK",
            platforms.stream().map(it -> "emit: " + it).toList(),
            platforms.isEmpty() ? "" : emission(platforms, message, entry));
      }
      case FAILED -> {
        if (late) {
          say(out, "200 OK", List.of(JavaHandler.FAIL_LATE + ": yes"), "");
        } else {
          say(out, "500 Internal Server Error", retryAfter(errand), "");
        }
      }
      case REFUSED -> say(out, "422 Unprocessable Content", List.of(), "");
      case DROPPED, HUNG_UP -> {
        return false;
      }
    }
    return true;
  }

  private static List<String> retryAfter(Errand errand) {
    return errand.kind() == Errand.Kind.POSTPONE
        ? List.of("retry-after: " + Errand.POSTPONEMENT.toSeconds())
        : List.of();
  }

  private static List<String> platforms(Errand errand) {
    return switch (errand.kind()) {
      case EMIT -> List.of("echo");
      case EMIT_BOTH -> List.of("echo", "mute");
      default -> List.of();
    };
  }

  private String emission(List<String> platforms, JsonNode message, EntryKey entry) {
    var payload =
        json.createObjectNode()
            .put("channel_id", message.path("channel_id").asText())
            .put("do", new Errand(Errand.Kind.PLAIN, 0).toString())
            .put("of", entry.id().toString());
    var answer = json.createObjectNode();
    ArrayNode outbound = answer.putArray("outbound");
    platforms.forEach(it -> outbound.addObject().put("platform", it).set("payload", payload));
    return answer.toString();
  }

  private static void say(OutputStream out, String status, List<String> headers, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n%s\r\n"
            .formatted(
                status,
                bytes.length,
                headers.stream().map(it -> it + "\r\n").collect(Collectors.joining()));
    byte[] all = (head + body).getBytes(StandardCharsets.UTF_8);
    out.write(all);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    entrance.close();
  }
}
