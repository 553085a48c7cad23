package io.streamfleet.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the console refuses before it looks at who asks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GateTest {

  private World world;
  private RunningConsole console;

  @BeforeAll
  void start() throws IOException {
    world = World.start();
    console =
        RunningConsole.open(
            world,
            Map.of(
                "STREAMFLEET_CONSOLE_CHANGES", "true",
                "STREAMFLEET_CONSOLE_HOSTS", "console.example.org"));
  }

  @AfterAll
  void end() {
    console.close();
    world.close();
  }

  /** Sends bytes as no HTTP client would, and returns all that comes back. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), console.port())) {
      socket.setSoTimeout((int) RunningConsole.PATIENCE.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      InputStream in = socket.getInputStream();
      in.transferTo(answer);
      return answer.toString(StandardCharsets.UTF_8);
    }
  }

  private String get(String target, String... headers) throws IOException {
    return raw(
        "GET "
            + target
            + " HTTP/1.1\r\nConnection: close\r\n"
            + String.join("", Arrays.stream(headers).map(it -> it + "\r\n").toList())
            + "\r\n");
  }

  @Test
  void aNameThatSomebodyElsePointsAtThisMachineIsNotAnswered() throws Exception {
    assertThat(get("/api/fleets", "Host: evil.example:" + console.port()))
        .startsWith("HTTP/1.1 403")
        .doesNotContain("orders");
    assertThat(get("/api/fleets", "Host: 127.0.0.1.evil.example")).startsWith("HTTP/1.1 403");
    assertThat(get("/", "Host: evil.example")).startsWith("HTTP/1.1 403");
    for (String known :
        List.of("127.0.0.1:" + console.port(), "localhost", "[::1]:80", "Console.Example.ORG")) {
      assertThat(get("/api/fleets", "Host: " + known))
          .startsWith("HTTP/1.1 200")
          .contains("orders");
    }
  }

  @Test
  void aPageOfAnotherSiteIsNotAnswered() throws Exception {
    String host = "Host: 127.0.0.1:" + console.port();
    assertThat(get("/api/fleets", host, "Origin: https://evil.example")).startsWith("HTTP/1.1 403");
    assertThat(get("/api/fleets", host, "Origin: null")).startsWith("HTTP/1.1 403");
    assertThat(get("/api/fleets", host, "Sec-Fetch-Site: cross-site")).startsWith("HTTP/1.1 403");
    assertThat(get("/main.js", host, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"))
        .startsWith("HTTP/1.1 403");
    assertThat(get("/api/me", host, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"))
        .startsWith("HTTP/1.1 403");
    assertThat(get("/", host, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"))
        .startsWith("HTTP/1.1 200");
    assertThat(get("/api/fleets", host, "Origin: http://127.0.0.1:" + console.port()))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void aChangeThatAFormOrALinkCouldSendIsNotMade() throws Exception {
    String path = RunningConsole.FLEET + "/pause";
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString("{}");
    assertThat(
            console
                .send(console.to(path).header("Content-Type", "application/json").POST(body))
                .statusCode())
        .isEqualTo(403);
    assertThat(
            console
                .send(
                    console
                        .to(path)
                        .header("X-Streamfleet-Console", "1")
                        .header("Content-Type", "text/plain")
                        .POST(body))
                .statusCode())
        .isEqualTo(415);
    assertThat(
            console
                .send(console.change(path, "{}").header("Origin", "https://evil.example"))
                .statusCode())
        .isEqualTo(403);
    assertThat(console.send(console.to(path)).statusCode()).isEqualTo(404);
    assertThat(console.send(console.to(path).PUT(body)).statusCode()).isEqualTo(405);
    assertThat(console.get(RunningConsole.FLEET).path("paused").isNull()).isTrue();
  }

  @Test
  void everyAnswerKeepsThePageFromBeingFramedAndFromLoadingAnythingElse() throws Exception {
    for (String path : List.of("fleets", "no-such-thing", "../index.html", "../style.css")) {
      HttpResponse<String> answer = console.send(console.to(path));
      assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/page/../Api.class",
        "//etc/passwd",
        "/Assets.class",
        "/index.html/..",
        "/main.js%00.html",
        "/api/fleets/..%2f..%2f/secrets",
        "/api/fleets/shop%2F..%2Fdefault/orders",
        "/api/../index.html"
      })
  void aPathNeverLeavesTheFilesOfThePage(String path) throws Exception {
    assertThat(get(path, "Host: localhost"))
        .containsPattern("^HTTP/1.1 (400|404)")
        .doesNotContain("root:");
  }

  @Test
  void brokenAndOversizedRequestsAreRefused() throws Exception {
    assertThat(get("/api/fleets/%zz/x", "Host: localhost")).startsWith("HTTP/1.1 400");
    assertThat(get("/api/fleets")).startsWith("HTTP/1.1 400");
    assertThat(get("/api/fleets?x=" + "y".repeat(9_000), "Host: localhost"))
        .startsWith("HTTP/1.1 414");
    String path = RunningConsole.FLEET + "/pause";
    assertThat(
            console
                .send(console.change(path, "{\"what\":\"" + "x".repeat(70_000) + "\"}"))
                .statusCode())
        .isEqualTo(413);
    assertThat(console.send(console.change(path, "[1]")).statusCode()).isEqualTo(400);
    assertThat(console.send(console.change(path, "{")).statusCode()).isEqualTo(400);
    assertThat(console.send(console.change(path, "[".repeat(5_000))).statusCode()).isEqualTo(400);
  }

  @Test
  void clientsThatSendSlowlyDoNotKeepOthersWaitingAndAreCutOff() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 150; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), console.port());
        socket.setSoTimeout(1);
        socket.getOutputStream().write("GET /api/fleets HT".getBytes(StandardCharsets.UTF_8));
        slow.add(socket);
      }
      assertThat(console.get("fleets").path("fleets")).hasSize(1);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> slow.stream().allMatch(GateTest::isClosed));
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  private static boolean isClosed(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void anAnswerThatTheClientHasIsNotSentAgain() throws Exception {
    HttpResponse<String> first = console.send(console.to("me"));
    String tag = first.headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> second = console.send(console.to("me").header("If-None-Match", tag));

    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
  }
}
