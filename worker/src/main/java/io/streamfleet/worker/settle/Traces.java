package io.streamfleet.worker.settle;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.api.TraceSpec;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.decode.Envelope;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * Records the states of traces where the original's tools look for them. States of one trace that
 * follow each other within milliseconds are written as the last one. A help for people, not a
 * guarantee: what cannot be written is counted and forgotten. Belongs to the pipeline's loop.
 */
public final class Traces {

  /** The states that a worker knows. */
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

  /** Long enough for a fast handler to end within it, short for somebody who looks. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(10);

  /** Traces in one call: each costs the server some 3 us, during which it does nothing else. */
  private static final int PAGE = 250;

  private static final String PLACE = "{trace_id}";

  private final EventLoop loop;
  private final Link link;
  private final TraceSpec spec;
  private final Clock clock;
  private final BiConsumer<String, Throwable> trouble;
  private Map<String, State> waiting = new LinkedHashMap<>();
  private boolean timer;

  public Traces(
      EventLoop loop,
      Link link,
      TraceSpec spec,
      Clock clock,
      BiConsumer<String, Throwable> trouble) {
    this.loop = loop;
    this.link = link;
    this.spec = spec;
    this.clock = clock;
    this.trouble = trouble;
  }

  /** An entry's trace is in a new state; entries without one have none. */
  public void record(Entry entry, State state) {
    if (spec.enabled()) {
      String trace = entry.trace();
      if (trace != null) {
        record(trace, state);
      }
    }
  }

  public void record(String trace, State state) {
    if (!spec.enabled()) {
      return;
    }
    waiting.put(trace, state);
    if (!timer) {
      timer = true;
      loop.after(LONGEST_WAIT, this::due);
    }
  }

  private void due() {
    timer = false;
    flush();
  }

  /** Writes what waits; completes when Redis answered. */
  public CompletableFuture<Void> flush() {
    Map<String, State> states = waiting;
    waiting = new LinkedHashMap<>();
    List<CompletableFuture<?>> calls = new ArrayList<>();
    List<Map.Entry<String, State>> all = List.copyOf(states.entrySet());
    for (int from = 0; from < all.size(); from += PAGE) {
      write(all.subList(from, Math.min(all.size(), from + PAGE)), calls);
    }
    return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
        .exceptionally(
            failure -> {
              loop.execute(() -> trouble.accept("trace", failure));
              return null;
            });
  }

  private void write(List<Map.Entry<String, State>> page, List<CompletableFuture<?>> calls) {
    List<String> keys =
        page.stream().map(entry -> spec.keyTemplate().replace(PLACE, entry.getKey())).toList();
    String now = Envelope.timestamp(clock.instant());
    for (List<Integer> slot : link.bySlot(keys)) {
      calls.add(
          link.eval(
              TRACE,
              slot.stream().map(keys::get).toList(),
              args -> {
                args.add(spec.ttl().toSeconds()).add(now);
                slot.forEach(i -> args.add(page.get(i).getValue().name()));
              }));
    }
    CommandArgs<String, byte[]> active = Link.args().addKey(spec.activeSet());
    CommandArgs<String, byte[]> ended = Link.args().addKey(spec.activeSet());
    int endings = 0;
    for (Map.Entry<String, State> entry : page) {
      if (entry.getValue().ends()) {
        ended.add(entry.getKey());
        endings++;
      } else {
        active.add(entry.getKey());
      }
    }
    if (endings < page.size()) {
      calls.add(link.number(CommandType.SADD, active));
      calls.add(
          link.number(
              CommandType.EXPIRE,
              Link.args().addKey(spec.activeSet()).add(spec.ttl().toSeconds())));
    }
    if (endings > 0) {
      calls.add(link.number(CommandType.SREM, ended));
    }
  }
}
