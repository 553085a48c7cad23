package io.streamfleet.worker.settle;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.api.TraceSpec;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.wire.EntryFields;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Records the states of traces in the keys that the tools of the Python original read. A state that
 * is soon followed by another one is not written, so that a trace with a fast handler costs one
 * write instead of two. Traces are for people and not guaranteed: a failed write is counted and not
 * repeated. Belongs to the pipeline's loop.
 */
public final class Traces {

  /** The states that a worker records. */
  public enum State {
    CLAIMED,
    COMPLETED,
    ERRORED,
    CANCELLED,
    DEAD_LETTERED;

    private boolean ends() {
      return switch (this) {
        case COMPLETED, CANCELLED, DEAD_LETTERED -> true;
        case CLAIMED, ERRORED -> false;
      };
    }
  }

  private static final Script TRACE = Script.beside(Traces.class, "trace.lua");

  /**
   * How long a state that does not end a trace waits for the next one: most handlers of a busy
   * worker end within it, and no person notices the delay. States that end a trace do not wait.
   */
  private static final Duration PASSING = Duration.ofMillis(100);

  /** Between two writes: long enough to write many traces in a call, without too large a call. */
  private static final Duration PACE = Duration.ofMillis(10);

  /** Traces in one call: each takes about 5 us, in which the server does nothing else. */
  private static final int PAGE = 250;

  private static final String PLACE = "{trace_id}";

  public static final String TRACE_STATES = "trace";

  private final EventLoop loop;
  private final Link link;
  private TraceSpec spec;
  private final Clock clock;
  private final CallReport report;

  /** The oldest first; a state that replaces another one keeps its position. */
  private final Map<String, Passing> passing = new LinkedHashMap<>();

  private final Map<String, State> ended = new LinkedHashMap<>();
  private boolean timer;

  /** Written by the client's threads; only the first success after a failure is reported. */
  private volatile boolean failing;

  /**
   * A state that waits for the next one.
   *
   * @param since when the first state arrived that was not written yet, in nanoseconds
   */
  private record Passing(State state, long since) {}

  public Traces(EventLoop loop, Link link, TraceSpec spec, Clock clock, CallReport report) {
    this.loop = loop;
    this.link = link;
    this.spec = spec;
    this.clock = clock;
    this.report = report;
  }

  /** Changes the settings, after writing what waits by the old ones. */
  public void use(TraceSpec settings) {
    flush();
    spec = settings;
  }

  /** Records the state of an entry's trace, if the entry has a trace id. */
  public void record(Entry entry, State state) {
    if (spec.enabled()) {
      String trace = entry.traceIdOrNull();
      if (trace != null) {
        record(trace, state);
      }
    }
  }

  public void record(String trace, State state) {
    if (!spec.enabled()) {
      return;
    }
    if (state.ends()) {
      passing.remove(trace);
      ended.put(trace, state);
    } else {
      ended.remove(trace);
      Passing before = passing.get(trace);
      passing.put(trace, new Passing(state, before == null ? loop.now() : before.since()));
    }
    writeLater();
  }

  private void writeLater() {
    if (!timer) {
      timer = true;
      loop.after(PACE, this::due);
    }
  }

  private void due() {
    timer = false;
    write(loop.now() - PASSING.toNanos());
    if (!passing.isEmpty()) {
      writeLater();
    }
  }

  /** Writes all states that wait. Completes normally when Redis has answered, even on failure. */
  public CompletableFuture<Void> flush() {
    return write(loop.now());
  }

  /** Writes the traces that have ended, and the states that arrived before a time. */
  private CompletableFuture<Void> write(long before) {
    Map<State, List<String>> byState = new EnumMap<>(State.class);
    ended.forEach((trace, state) -> add(byState, state, trace));
    ended.clear();
    for (Iterator<Map.Entry<String, Passing>> all = passing.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<String, Passing> oldest = all.next();
      if (oldest.getValue().since() - before > 0) {
        break;
      }
      add(byState, oldest.getValue().state(), oldest.getKey());
      all.remove();
    }
    List<CompletableFuture<?>> calls = new ArrayList<>();
    byState.forEach(
        (state, traces) -> {
          for (int from = 0; from < traces.size(); from += PAGE) {
            write(state, traces.subList(from, Math.min(traces.size(), from + PAGE)), calls);
          }
        });
    return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
        .handle(
            (written, failure) -> {
              if (failure != null) {
                failing = true;
                loop.execute(() -> report.failed(TRACE_STATES, failure));
              } else if (failing) {
                failing = false;
                loop.execute(() -> report.worked(TRACE_STATES));
              }
              return null;
            });
  }

  private static void add(Map<State, List<String>> byState, State state, String trace) {
    byState.computeIfAbsent(state, first -> new ArrayList<>()).add(trace);
  }

  private void write(State state, List<String> traces, List<CompletableFuture<?>> calls) {
    List<String> keys =
        traces.stream().map(trace -> spec.keyTemplate().replace(PLACE, trace)).toList();
    String now = EntryFields.timestamp(clock.instant());
    for (List<Integer> slot : link.bySlot(keys)) {
      calls.add(
          link.eval(
              TRACE,
              slot.stream().map(keys::get).toList(),
              args -> args.add(spec.ttl().toMillis()).add(now).add(state.name())));
    }
    CommandArgs<String, byte[]> members = Link.args().addKey(spec.activeSet());
    traces.forEach(members::add);
    if (state.ends()) {
      calls.add(link.number(CommandType.SREM, members));
      return;
    }
    calls.add(link.number(CommandType.SADD, members));
    calls.add(
        link.number(
            CommandType.PEXPIRE, Link.args().addKey(spec.activeSet()).add(spec.ttl().toMillis())));
  }
}
