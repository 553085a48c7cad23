package io.streamfleet.local.console;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A real browser without a window: Chromium, driven over its DevTools protocol. */
final class Browser implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** It starts in a second; a machine that does more at the time takes longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  private Browser(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** The browser of this machine: that of STREAMFLEET_CHROMIUM, else one of the PATH. */
  static Optional<Path> installed() {
    Optional<Path> named = Optional.ofNullable(System.getenv("STREAMFLEET_CHROMIUM")).map(Path::of);
    return named.or(
        () ->
            Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .flatMap(
                    folder ->
                        Stream.of("chromium", "chromium-browser", "google-chrome")
                            .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst());
  }

  /** Starts it with a profile of its own. */
  static Browser start(Path binary, Path folder) throws IOException {
    Path profile = Files.createDirectories(folder.resolve("profile"));
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    binary.toString(),
                    "--headless=new",
                    // In a container there is no user namespace for it, and all pages are ours.
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-extensions",
                    "--disable-sync",
                    "--no-first-run",
                    "--mute-audio",
                    "--hide-scrollbars",
                    "--remote-debugging-port=0",
                    "--user-data-dir=" + profile,
                    "about:blank"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("browser.log").toFile());
    builder.environment().putAll(Map.of("HOME", folder.toString()));
    Process process = builder.start();
    Path told = profile.resolve("DevToolsActivePort");
    await("the browser has started, see " + folder.resolve("browser.log"))
        .atMost(PATIENCE)
        .until(() -> Files.exists(told) && Files.readAllLines(told).size() >= 2);
    return new Browser(process, Integer.parseInt(Files.readAllLines(told).getFirst()));
  }

  /** Opens an empty tab. */
  Tab tab() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    JsonNode tab = JSON.readTree(answer.body());
    return Tab.at(http, URI.create(tab.path("webSocketDebuggerUrl").asText()));
  }

  /** Ends it and its children. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    http.shutdownNow();
  }
}
