package io.streamfleet.helm.monitoring;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Whoever is on call: sees what fires and what the status says, and follows the runbook. */
final class Watch implements AutoCloseable {

  /** Nothing that fires does so later. */
  static final Duration PATIENCE = Duration.ofMinutes(8);

  private static final Duration TURN = Duration.ofMillis(500);

  /** Turns that follow each other without a look: more, and it would be told late what fires. */
  private static final int MOST_TURNS = 4;

  /** It counts on the five minutes in which the operator looks at all, which are not divided. */
  private static final String UNDIVIDED = "StreamfleetOperatorNotReconciling";

  /** What fired for a fleet, and after how long. */
  private final Map<String, Map<String, Duration>> fired = new TreeMap<>();

  /** What the status said then. */
  private final Map<String, String> statuses = new LinkedHashMap<>();

  /** What the runbook had one type for an alert of a fleet. */
  private final Map<Firing, Future<List<Walkthrough.Typed>>> followed = new LinkedHashMap<>();

  private record Firing(String fleet, String alert) {}

  /** One after the other, as one who was woken does, and beside what goes on. */
  private final ExecutorService onCall = Executors.newSingleThreadExecutor();

  /** Alerts that were looked for. */
  private final Set<String> tried = new HashSet<>();

  private final List<String> rows = new ArrayList<>();
  private final Scene scene;
  private final PrometheusServer prometheus;

  /**
   * @param hurry by how much the times of the rules are divided
   */
  Watch(Scene scene, PrometheusServer prometheus, int hurry) {
    this.scene = scene;
    this.prometheus = prometheus;
    rows.addAll(
        List.of(
            "Times of the rules are divided by %d.".formatted(hurry),
            "",
            "| incident | fired, after | what the status says | what led to the cause |",
            "|---|---|---|---|"));
  }

  /** What is done in each turn. */
  interface Turn {

    /**
     * Does it once more.
     *
     * @param number counts from 0
     */
    void act(int number) throws InterruptedException;
  }

  /**
   * Notes what fires, and forgets what fired before.
   *
   * @param least for so long at least, that what is not to fire has its time
   * @param done whether all that is to fire has fired; no longer than {@link #PATIENCE}
   */
  void during(Duration least, Turn turn, BooleanSupplier done) throws InterruptedException {
    fired.clear();
    statuses.clear();
    followed.clear();
    long began = System.nanoTime();
    int number = 0;
    while (since(began).compareTo(least) < 0
        || (!done.getAsBoolean() && since(began).compareTo(PATIENCE) < 0)) {
      // Where a turn took longer the next ones follow at once: incidents count on their pace.
      long due = since(began).dividedBy(TURN) + 1;
      for (int more = 0; number < due && more < MOST_TURNS; more++) {
        turn.act(number);
        number++;
      }
      look(began);
      TimeUnit.NANOSECONDS.sleep(TURN.multipliedBy(number).minus(since(began)).toNanos());
    }
  }

  /** Until nothing fires any more, nor is about to. */
  void awaitSilence() {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              discover();
              return alerts().isEmpty();
            });
  }

  private void look(long began) throws InterruptedException {
    discover();
    for (JsonNode alert : firing()) {
      String fleet = fleetOf(alert);
      String alertName = alert.at("/labels/alertname").asText();
      fired
          .computeIfAbsent(fleet, key -> new LinkedHashMap<>())
          .putIfAbsent(alertName, since(began));
      String pod = alert.at("/labels/pod").asText("");
      followed.computeIfAbsent(
          new Firing(fleet, alertName),
          key -> onCall.submit(() -> scene.follow(alertName, fleet, pod)));
      if (!fleet.isEmpty()) {
        statuses.put(fleet, scene.status(fleet));
      }
    }
  }

  private void discover() {
    try {
      scene.discover();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<JsonNode> firing() throws InterruptedException {
    return alerts().stream().filter(it -> it.path("state").asText().equals("firing")).toList();
  }

  private List<JsonNode> alerts() throws InterruptedException {
    return prometheus.alerts().stream()
        .filter(it -> !it.at("/labels/alertname").asText().equals(UNDIVIDED))
        .toList();
  }

  /** The names of the alerts of any fleet that fire. */
  static Set<String> firing(PrometheusServer prometheus) throws InterruptedException {
    return prometheus.alerts().stream()
        .filter(it -> it.path("state").asText().equals("firing"))
        .map(it -> it.at("/labels/alertname").asText())
        .collect(Collectors.toSet());
  }

  private static String fleetOf(JsonNode alert) {
    String fleet = alert.at("/labels/fleet").asText("");
    return fleet.isEmpty() ? alert.at("/labels/name").asText("") : fleet;
  }

  /** What fired for a fleet; for an empty name, what has no fleet. */
  Set<String> seen(String fleet) {
    return fired.getOrDefault(fleet, Map.of()).keySet();
  }

  /** What the status of a fleet said while an alert of it fired. */
  String status(String fleet) {
    return statuses.getOrDefault(fleet, "");
  }

  /** The status says something without an alert. */
  void said(String fleet, String status) {
    statuses.put(fleet, status);
  }

  /** The alerts that were looked for so far. */
  Set<String> tried() {
    return Set.copyOf(tried);
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  /**
   * Writes down an incident.
   *
   * @return the clues that were not found
   */
  List<String> report(String incident, String fleet, List<Clue> clues) throws Exception {
    String alerts =
        fired.getOrDefault(fleet, Map.of()).entrySet().stream()
            .map(it -> "%s %d s".formatted(it.getKey(), it.getValue().toSeconds()))
            .collect(Collectors.joining(", "));
    List<String> missing = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (Clue clue : clues) {
      tried.add(clue.alert());
      Future<List<Walkthrough.Typed>> typed = followed.get(new Firing(fleet, clue.alert()));
      if (typed == null) {
        continue; // It has not fired, which is told elsewhere.
      }
      Optional<Walkthrough.Typed> telling = Walkthrough.telling(typed.get(), clue);
      telling.ifPresentOrElse(
          it -> found.add("`%s`: %s".formatted(it.command(), excerpt(it, clue))),
          () -> missing.add("%s of %s: %s".formatted(clue, fleet, resultOf(typed))));
    }
    rows.add(
        "| %s | %s | %s | %s |"
            .formatted(
                incident,
                alerts.isEmpty() ? "nothing" : alerts,
                status(fleet),
                String.join("<br>", found).replace("|", "\\|")));
    return missing;
  }

  /** The lines in which a clue was found. */
  private static String excerpt(Walkthrough.Typed typed, Clue clue) {
    return clue.tells()
        .matcher(typed.printed())
        .results()
        .findFirst()
        .map(it -> it.group().replace('\n', ' '))
        .orElse("");
  }

  private static List<Walkthrough.Typed> resultOf(Future<List<Walkthrough.Typed>> typed) {
    return typed.resultNow();
  }

  /** Writes down all incidents so far. */
  void write(Path report) throws IOException {
    Files.createDirectories(report.getParent());
    Files.write(report, rows);
  }

  @Override
  public void close() {
    onCall.shutdownNow();
  }
}
