package io.streamfleet.console;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.api.sync.RedisCommands;
import io.streamfleet.console.settings.ConsoleSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A console, asked as its page asks it. */
final class RunningConsole implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final String FLEET = "fleets/shop/orders";

  private final World world;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Console console;

  private RunningConsole(World world, Map<String, String> settings) throws IOException {
    this.world = world;
    Map<String, String> all = new HashMap<>();
    all.put("STREAMFLEET_HOST", "127.0.0.1");
    all.put("STREAMFLEET_CONSOLE_PORT", "0");
    all.putAll(settings);
    console = Console.start(ConsoleSettings.from(all), world.cluster());
    await().atMost(PATIENCE).until(() -> console.problem().isEmpty());
  }

  /** One that everybody may use. */
  static RunningConsole open(World world, Map<String, String> settings) throws IOException {
    Map<String, String> all = new HashMap<>(Map.of("STREAMFLEET_CONSOLE_ACCESS", "open"));
    all.putAll(settings);
    return new RunningConsole(world, all);
  }

  /** One as the settings say. */
  static RunningConsole with(World world, Map<String, String> settings) throws IOException {
    return new RunningConsole(world, settings);
  }

  RedisCommands<String, String> redis() {
    return world.redis();
  }

  int port() {
    return console.port();
  }

  /** A request to the API; its path is written as after {@code /api/}. */
  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/api/" + path))
        .timeout(PATIENCE);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** What is answered to everybody. */
  JsonNode get(String path) throws Exception {
    HttpResponse<String> answer = send(to(path));
    if (answer.statusCode() != 200) {
      throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  /** What is answered to whoever has a token. */
  HttpResponse<String> getAs(String token, String path) throws Exception {
    return send(to(path).header("Authorization", "Bearer " + token));
  }

  /** A change as the page sends it. */
  HttpRequest.Builder change(String path, String body) {
    return to(path)
        .header("X-Streamfleet-Console", "1")
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  JsonNode post(String path, String body) throws Exception {
    HttpResponse<String> answer = send(change(path, body));
    if (answer.statusCode() != 200) {
      throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  static JsonNode json(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** A dead letter of the stream {@code in}. */
  String bury(String channel, String reason, String error) {
    return redis()
        .xadd(
            "dead",
            Map.of(
                "original_stream",
                "in",
                "original_msg_id",
                "1-1",
                "error",
                error,
                "attempt",
                "3",
                "reason",
                reason,
                "data",
                "{\"channel_id\":\"%s\",\"card\":{\"PassWord\":\"hunter2\",\"n\":1}}"
                    .formatted(channel),
                "field.api_key",
                "k-123"));
  }

  String publish(String channel) {
    return redis()
        .xadd("in", Map.of("data", "{\"channel_id\":\"%s\",\"secret\":\"s3\"}".formatted(channel)));
  }

  @Override
  public void close() {
    console.close();
    http.shutdownNow();
  }
}
