package io.streamfleet.console.change;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.deadletter.DeadLetter;
import io.streamfleet.commands.deadletter.DeadLetterFilter;
import io.streamfleet.commands.deadletter.DeadLetterStream;
import io.streamfleet.commands.deadletter.DeclaredStreams;
import io.streamfleet.commands.deadletter.Replay;
import io.streamfleet.commands.dlq.ReplaySummary;
import io.streamfleet.console.cluster.FleetKey;
import io.streamfleet.console.look.DeadLetters;
import io.streamfleet.console.look.FleetLink;
import io.streamfleet.redis.Failures;
import java.util.List;
import java.util.Locale;

/** A replay or a purge of dead letters, or the rehearsal of one, with how far it has come. */
public final class Job {

  /** What is done with the letters. */
  public enum Kind {
    REPLAY,
    PURGE
  }

  /**
   * What is asked for.
   *
   * @param rehearsal whether nothing is changed
   */
  public record Order(
      String id,
      FleetKey fleet,
      String user,
      Kind kind,
      DeadLetterFilter filter,
      boolean rehearsal) {}

  private final Order order;

  // Guarded by this.
  private final ReplaySummary replayed = new ReplaySummary();
  private long purged;
  private long looked;
  private long total;
  private boolean done;
  private String problem = "";
  private boolean stopped;

  Job(Order order) {
    this.order = order;
  }

  /** Does it, on the thread that calls. */
  void run(FleetLink fleet) {
    try {
      DeadLetterStream letters = DeadLetters.stream(fleet);
      DeclaredStreams streams = new DeclaredStreams(fleet.spec());
      Replay replay = new Replay(fleet.link(), letters, streams, order.filter().streams());
      long length = letters.length();
      synchronized (this) {
        total = length;
      }
      letters.walk(
          order.filter(),
          streams,
          Long.MAX_VALUE,
          this::looked,
          page -> {
            handle(page, letters, replay);
            return !isStopped();
          });
    } catch (RuntimeException e) {
      failed(Failures.line(Failures.cause(e)));
    } finally {
      ended();
    }
  }

  private void handle(List<DeadLetter> page, DeadLetterStream letters, Replay replay) {
    switch (order.kind()) {
      case REPLAY -> {
        if (order.rehearsal()) {
          page.forEach(letter -> would(letter, replay));
        } else {
          replay.replay(page, this::replayed);
        }
      }
      case PURGE ->
          purged(
              order.rehearsal()
                  ? page.size()
                  : letters.delete(page.stream().map(DeadLetter::id).toList()));
    }
  }

  private synchronized void would(DeadLetter letter, Replay replay) {
    replayed.would(letter, replay.refusal(letter));
  }

  private synchronized void replayed(DeadLetter letter, Replay.Outcome outcome) {
    replayed.add(letter, outcome);
  }

  private synchronized void purged(long more) {
    purged += more;
  }

  private synchronized boolean looked(long letters) {
    looked = letters;
    return !stopped;
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  private synchronized void failed(String why) {
    problem = why;
  }

  private synchronized void ended() {
    done = true;
  }

  /** Ends it after the page that it is at; what was done stays done. */
  synchronized void stop() {
    stopped = true;
  }

  synchronized boolean isDone() {
    return done;
  }

  public Order order() {
    return order;
  }

  /** What it has done, for an Event: {@code replayed 3 dead letters, 1 refused}. */
  synchronized String told() {
    ObjectNode counts = replayed.json();
    String did =
        order.kind() == Kind.PURGE
            ? "purged " + purged + " dead letters"
            : "replayed %d dead letters, %d already gone, %d refused"
                .formatted(
                    counts.path("replayed").asLong(),
                    counts.path("gone").asLong(),
                    counts.path("refused").asLong());
    return problem.isEmpty() ? did : did + "; then it failed: " + problem;
  }

  /** How far it has come. */
  public synchronized ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", order.id());
    json.put("kind", order.kind().name().toLowerCase(Locale.ROOT));
    json.put("user", order.user());
    json.put("rehearsal", order.rehearsal());
    json.put("done", done);
    json.put("stopped", stopped);
    json.put("total", total);
    json.put("looked", looked);
    json.put("problem", problem.isEmpty() ? null : problem);
    json.put("purged", purged);
    json.setAll(replayed.json());
    return json;
  }
}
