package io.streamfleet.commands.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.port.Metrics;
import io.streamfleet.commands.port.WorkerPorts;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What only workers know: whether the breakers of their endpoints are open, and how many entries
 * wait for limits.
 *
 * @param asked the number of workers that answered
 * @param silent those that did not, each with the reason
 * @param open by endpoint, at how many workers its breaker is open; 0 if it is closed at all
 * @param limited by loop, how many entries wait for limits
 */
record WorkersView(
    int asked, List<String> silent, Map<String, Integer> open, Map<String, Long> limited) {

  private static final String OPEN = "streamfleet_breaker_open";
  private static final String LIMITED = "streamfleet_limited";

  static WorkersView of(List<URI> workers) {
    List<String> silent = new ArrayList<>();
    Map<String, Integer> open = new TreeMap<>();
    Map<String, Long> limited = new TreeMap<>();
    for (Answer answer : answers(workers)) {
      answer.failure().ifPresent(failure -> silent.add(answer.worker() + ": " + failure));
      answer
          .metrics()
          .by(OPEN, "endpoint")
          .forEach((endpoint, is) -> open.merge(endpoint, is > 0 ? 1 : 0, Integer::sum));
      answer
          .metrics()
          .by(LIMITED, "loop")
          .forEach((loop, count) -> limited.merge(loop, count.longValue(), Long::sum));
    }
    return new WorkersView(workers.size() - silent.size(), silent, open, limited);
  }

  /** What one worker said, or why it said nothing. */
  private record Answer(URI worker, Metrics metrics, Optional<String> failure) {

    static Answer of(URI worker) {
      try {
        return new Answer(
            worker,
            Metrics.read(WorkerPorts.page(worker, "/metrics"), Set.of(OPEN, LIMITED)),
            Optional.empty());
      } catch (IOException e) {
        return new Answer(worker, Metrics.NONE, Optional.of(String.valueOf(e.getMessage())));
      }
    }
  }

  /** Asks all at the same time: many that do not answer take no longer than one. */
  private static List<Answer> answers(List<URI> workers) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Answer>> asked =
          workers.stream()
              .map(it -> CompletableFuture.supplyAsync(() -> Answer.of(it), threads))
              .toList();
      return asked.stream().map(CompletableFuture::join).toList();
    }
  }

  /** What is out of the ordinary, a line each. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    String all = asked == 1 ? "the worker that was asked" : "%d workers".formatted(asked);
    open.forEach(
        (endpoint, count) -> {
          if (count > 0) {
            lines.add(
                "endpoint %s is unavailable or fails nearly all messages: %s it only probes, %s"
                    .formatted(
                        Text.printable(endpoint),
                        asked == 1 ? all : count + " of " + all,
                        "and no attempt is used up"));
          }
        });
    limited.forEach(
        (loop, count) -> {
          if (count > 0) {
            lines.add(
                "%s %s at %s"
                    .formatted(
                        Text.number(count),
                        (count == 1 ? "entry waits" : "entries wait")
                            + " for the limits of "
                            + Text.printable(loop),
                        all));
          }
        });
    return lines;
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("workers_asked", asked);
    ArrayNode endpoints = json.putArray("endpoints");
    open.forEach(
        (endpoint, count) -> endpoints.addObject().put("endpoint", endpoint).put("open", count));
    ObjectNode waiting = json.putObject("limited");
    limited.forEach(waiting::put);
    return json;
  }
}
