package io.streamfleet.local.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A tab of the browser, used as a person does: by what is written on the page. */
final class Tab implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A page asks every two seconds, and the machine may be busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final List<String> requested = new CopyOnWriteArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final WebSocket socket;

  private Tab(HttpClient http, URI address) {
    this.socket = http.newWebSocketBuilder().buildAsync(address, new Messages()).join();
  }

  static Tab at(HttpClient http, URI address) {
    Tab tab = new Tab(http, address);
    for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
      tab.call(domain + ".enable", Map.of());
    }
    tab.size(1280, 900);
    return tab;
  }

  private final class Messages implements WebSocket.Listener {

    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        heard(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }

  private void heard(String message) {
    JsonNode json;
    try {
      json = JSON.readTree(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    CompletableFuture<JsonNode> call = calls.remove(json.path("id").asInt(-1));
    if (call != null) {
      call.complete(json);
      return;
    }
    JsonNode told = json.path("params");
    switch (json.path("method").asText()) {
      case "Network.requestWillBeSent" -> requested.add(told.path("request").path("url").asText());
      case "Runtime.exceptionThrown" -> complaints.add(told.toString());
      case "Log.entryAdded" -> {
        // The browser tells each answer of 4xx and 5xx as an error of the page.
        if (told.path("entry").path("level").asText().equals("error")
            && !told.path("entry").path("source").asText().equals("network")) {
          complaints.add(told.path("entry").path("text").asText());
        }
      }
      default -> {
        // Of no interest.
      }
    }
  }

  private JsonNode call(String method, Map<String, Object> parameters) {
    int id = ids.incrementAndGet();
    ObjectNode message = JSON.createObjectNode();
    message.put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    CompletableFuture<JsonNode> call = new CompletableFuture<>();
    calls.put(id, call);
    socket.sendText(message.toString(), true).join();
    JsonNode answer = call.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    assertThat(answer.path("error").isMissingNode()).as(method + ": " + answer).isTrue();
    return answer.path("result");
  }

  void size(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Whether the system prefers dark colours. */
  void dark(boolean dark) {
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Opens an address; another place of the same page does not load it again. */
  void open(String url) {
    call("Page.navigate", Map.of("url", url));
  }

  /** Runs a piece of JavaScript, and returns what it tells. */
  JsonNode run(String script) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", script, "returnByValue", true, "awaitPromise", true));
    assertThat(answer.path("exceptionDetails").isMissingNode()).as(script + ": " + answer).isTrue();
    return answer.path("result").path("value");
  }

  /** What can be read on the page. */
  String text() {
    return run("document.body?.innerText ?? ''").asText();
  }

  void awaitText(String... texts) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(text()).contains(texts));
  }

  void awaitNoText(String text) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(text()).doesNotContain(text));
  }

  /** Clicks on the link or button that is called so, once it can be clicked. */
  void click(String name) {
    String script =
        """
        (() => {
          const all = [...document.querySelectorAll('dialog[open] button, a, button')];
          const at = all.find((it) => it.innerText.trim() === %1$s && !it.disabled)
            ?? all.find((it) => it.innerText.trim().startsWith(%1$s) && !it.disabled);
          at?.click();
          return at !== undefined;
        })()
        """
            .formatted(quoted(name));
    await("something called " + name + " on " + text())
        .atMost(PATIENCE)
        .until(() -> run(script).asBoolean());
  }

  /** Types into a field, as its name says. */
  void type(String field, String text) {
    String script =
        """
        (() => {
          const at = document.querySelector('[name="%s"]');
          if (at) {
            at.value = %s;
            at.dispatchEvent(new Event('input', {bubbles: true}));
            at.dispatchEvent(new Event('change', {bubbles: true}));
          }
          return at !== null;
        })()
        """
            .formatted(field, quoted(text));
    await("a field " + field).atMost(PATIENCE).until(() -> run(script).asBoolean());
  }

  /** Presses a key on the keyboard. */
  void press(String key) {
    int code = key.equals("Tab") ? 9 : key.equals("Enter") ? 13 : 27;
    Map<String, Object> event =
        Map.of(
            "key", key,
            "code", key,
            "windowsVirtualKeyCode", code,
            "type", key.equals("Enter") ? "keyDown" : "rawKeyDown",
            "text", key.equals("Enter") ? "\r" : "");
    call("Input.dispatchKeyEvent", event);
    call(
        "Input.dispatchKeyEvent",
        Map.of("key", key, "code", key, "windowsVirtualKeyCode", code, "type", "keyUp"));
  }

  /** The addresses of all requests so far. */
  List<String> requested() {
    return List.copyOf(requested);
  }

  /** What the browser complained of: failed scripts, and what a policy kept out. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  void picture(Path file) throws IOException {
    JsonNode taken = call("Page.captureScreenshot", Map.of("format", "png"));
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(taken.path("data").asText()));
  }

  static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    socket.abort();
  }
}
