package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.handler.ChannelLimited;
import io.streamfleet.handler.Direction;
import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.redis.EntryId;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamConsumer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table in docs/guarantees.md of whose failure is whose: each of its lines happens here. */
@Timeout(120)
class WhoseFailureTest {

  private static final Path PAGE =
      Path.of(System.getProperty("repository.root", ".."), "docs", "guarantees.md");

  private static final Pattern ROW =
      Pattern.compile(
          "\\| (.+?) \\| (the endpoint's|the channel's|the message's|the machine's|unknown) \\| .*");

  /** Of the calls that time out. */
  private static final Duration BRIEF = Duration.ofMillis(300);

  private static final Duration AMPLE = Duration.ofSeconds(30);

  /** Of which a socket's buffers hold a part only. */
  private static final int LARGE = 16 * 1024 * 1024;

  private interface Happening {
    Outcome happens() throws Exception;
  }

  @Test
  void eachLineOfTheTableIsTrue() throws Exception {
    Map<String, Happening> happenings = happenings();
    Map<String, String> documented = documented();
    assertThat(documented.keySet()).isEqualTo(happenings.keySet());
    for (Map.Entry<String, Happening> it : happenings.entrySet()) {
      Outcome outcome = it.getValue().happens();
      assertThat(whose(outcome))
          .as("%s: %s", it.getKey(), outcome)
          .isEqualTo(documented.get(it.getKey()));
    }
  }

  private static Map<String, String> documented() throws IOException {
    Map<String, String> rows = new LinkedHashMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.put(row.group(1), row.group(2));
      }
    }
    return rows;
  }

  private static String whose(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Unavailable _ -> "the endpoint's";
      case Outcome.Limited _ -> "the channel's";
      case Outcome.Transient _, Outcome.Permanent _ -> "the message's";
      case Outcome.Broken _ -> "unknown";
      case Outcome.Hindered _ -> "the machine's";
      case Outcome.Success _,
          Outcome.BatchFailed _,
          Outcome.Interrupted _,
          Outcome.NotPermitted _,
          Outcome.NotRun _ ->
          "nobody's";
    };
  }

  private static Map<String, Happening> happenings() {
    Map<String, Happening> all = new LinkedHashMap<>();
    all.put("the connection is refused", () -> posted("http://localhost:" + closedPort(), AMPLE));
    all.put("the host's name does not resolve", () -> posted("http://nobody.invalid", AMPLE));
    all.put("no connection within 10 s", WhoseFailureTest::unconnected);
    all.put(
        "the TLS handshake fails",
        () -> answered("https:", AMPLE, it -> it.send("HTTP/1.1 400 No TLS here\r\n\r\n")));
    all.put(
        "the connection breaks before the whole request was sent",
        () -> answered("http:", AMPLE, ScriptedServer.Connection::reset, LARGE));
    all.put(
        "the time-out ends before the whole request was sent",
        () -> answered("http:", BRIEF, it -> it.waitForReset(), LARGE));
    for (int status : new int[] {429, 502, 503, 504}) {
      all.put("`" + status + "`", () -> status(status));
    }
    all.put(
        "`429` with `X-RateLimit-Scope: user` or `shared`",
        () ->
            answered(
                "http:",
                AMPLE,
                it -> {
                  it.readRequest();
                  it.send(
                      "HTTP/1.1 429 No\r\nX-RateLimit-Scope: shared\r\ncontent-length: 0\r\n\r\n");
                }));
    all.put(
        "a handler in Java throws `ChannelLimited`",
        () -> thrown(new ChannelLimited("slow down", Duration.ofSeconds(1))));
    all.put(
        "a handler in Java throws `HandlerUnavailable`",
        () -> thrown(new HandlerUnavailable("away")));
    all.put(
        "the connection breaks after the whole request was sent, before any of the answer arrived",
        () ->
            answered(
                "http:",
                AMPLE,
                it -> {
                  it.readRequest();
                  it.reset();
                }));
    all.put(
        "no answer, or not all of it, within `timeout`",
        () ->
            answered(
                "http:",
                BRIEF,
                it -> {
                  it.readRequest();
                  it.waitForHangUp();
                }));
    all.put(
        "an answer that arrives byte by byte and is not complete within `timeout`",
        () -> answered("http:", BRIEF, ScriptedServer.Connection::drip));
    all.put(
        "the connection breaks during the answer",
        () ->
            answered(
                "http:",
                AMPLE,
                it -> {
                  it.readRequest();
                  it.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
                  it.reset();
                }));
    all.put(
        "an answer that is not HTTP",
        () ->
            answered(
                "http:",
                AMPLE,
                it -> {
                  it.readRequest();
                  it.send("SSH-2.0-what\r\n\r\n");
                }));
    for (int status : new int[] {408, 425, 500}) {
      all.put("`" + status + "`", () -> status(status));
    }
    all.put("any other 5xx", () -> status(507));
    all.put("any other status that is not 2xx", () -> status(404));
    all.put(
        "2xx with a body that can't be used",
        () ->
            answered(
                "http:",
                AMPLE,
                it -> {
                  it.readRequest();
                  it.send(ScriptedServer.answer("200 OK", "application/json", "[]"));
                }));
    all.put(
        "a handler in Java throws `TransientFailure`", () -> thrown(new TransientFailure("busy")));
    all.put(
        "a handler in Java throws `PermanentFailure`", () -> thrown(new PermanentFailure("no")));
    all.put(
        "a handler in Java throws anything else",
        () -> thrown(new IllegalStateException("a mistake")));
    all.put(
        "no file, thread, port or memory is left",
        () -> thrown(new IOException("Too many open files")));
    return all;
  }

  private static Outcome unconnected() throws Exception {
    // A backlog of one that is full: the system drops what comes beyond it.
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://localhost:" + full.getLocalPort();
      Outcome outcome = new Outcome.NotRun();
      for (int i = 0; i < 4 && !(outcome instanceof Outcome.Unavailable); i++) {
        outcome = posted(url, BRIEF);
      }
      return outcome;
    }
  }

  private static Outcome status(int status) throws Exception {
    return answered(
        "http:",
        AMPLE,
        it -> {
          it.readRequest();
          it.send("HTTP/1.1 " + status + " Said\r\ncontent-length: 0\r\n\r\n");
        });
  }

  private static Outcome answered(String scheme, Duration timeout, ScriptedServer.Script script)
      throws Exception {
    return answered(scheme, timeout, script, 1);
  }

  private static Outcome answered(
      String scheme, Duration timeout, ScriptedServer.Script script, int bytes) throws Exception {
    try (ScriptedServer server = ScriptedServer.playing(script)) {
      return posted(server.url("").replace("http:", scheme), timeout, bytes);
    }
  }

  private static Outcome posted(String url, Duration timeout) throws Exception {
    return posted(url, timeout, 1);
  }

  private static Outcome posted(String url, Duration timeout, int bytes) throws Exception {
    try (HttpHandler handler =
        new HttpHandler(
            Endpoint.of(url + "/messages", Map.of()),
            timeout,
            "worker-0",
            new ExchangeMemory(1L << 30),
            Clock.systemUTC(),
            new AnswerWarnings(_ -> {}))) {
      return handled(handler, bytes);
    }
  }

  private static Outcome thrown(Exception failure) throws Exception {
    return handled(
        message -> {
          throw failure;
        },
        1);
  }

  private static Outcome handled(MessageHandler handler, int bytes) throws Exception {
    byte[] data =
        new PayloadWriter().write(Map.of("channel_id", "c", "content", "x".repeat(bytes)));
    RawEntry raw =
        new RawEntry(EntryId.parse("1732372000000-0"), 1, RawEntry.Content.WHOLE, data, null, null);
    StreamConsumer stream = new StreamConsumer(Direction.INBOUND, "in", "g", "worker-0");
    return new HandlerCall(handler)
        .of(new Entry(stream, raw, data, new HeaderScan("channel_id").scan(data), 0, 0));
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
