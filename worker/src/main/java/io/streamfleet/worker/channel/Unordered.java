package io.streamfleet.worker.channel;

import io.streamfleet.redis.EntryId;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The order of entries that do not wait for each other: each starts as soon as it arrives. */
public final class Unordered implements DispatchOrder, DispatchOrder.Place, Rest {

  /** While the gate is closed so many entries are fetched at most, as candidates for probes. */
  private static final int ENOUGH_TO_PROBE = 16;

  private final EventLoop loop;
  private final Gate gate;
  private final LaneWork work;
  private final Set<Entry> waiting = new HashSet<>();
  private final DueEntries due;
  private List<Entry> ready = new ArrayList<>();
  private boolean draining;

  public Unordered(EventLoop loop, Gate gate, LaneWork work) {
    this.loop = loop;
    this.gate = gate;
    this.work = work;
    this.due = new DueEntries(loop, work);
  }

  @Override
  public void offer(Entry entry) {
    loop.assertOwned();
    entry.lease(this);
    if (entry.waits()) {
      waiting.add(entry);
      work.awaitDue(entry);
    } else {
      ready.add(entry);
    }
  }

  @Override
  public DispatchOrder order() {
    return this;
  }

  @Override
  public boolean allows(long now) {
    return true;
  }

  @Override
  public void halt() {}

  @Override
  public boolean keepsOrder() {
    return false;
  }

  @Override
  public void done(Entry entry) {
    release(entry);
  }

  @Override
  public void putBack(Entry entry) {
    entry.rearm();
    if (work.fresh(entry, loop.now())) {
      ready.add(entry);
    } else {
      waiting.add(entry);
      work.confirm(List.of(entry), () -> resume(entry));
    }
  }

  @Override
  public void waitFor(Entry entry) {
    waiting.add(entry);
  }

  @Override
  public Rest rest(Entry entry) {
    waiting.remove(entry);
    return this;
  }

  @Override
  public void due(StreamConsumer stream, EntryId id) {
    due.add(stream, id);
  }

  @Override
  public void forget(StreamConsumer stream, Set<EntryId> ids) {
    due.forget(stream, ids);
  }

  @Override
  public void resume(Entry entry) {
    if (waiting.remove(entry)) {
      entry.rearm();
      ready.add(entry);
    }
  }

  @Override
  public void release(Entry entry) {
    waiting.remove(entry);
  }

  @Override
  public void recheck(Entry entry, Consumer<Boolean> then) {
    waiting.add(entry);
    work.confirm(List.of(entry), () -> then.accept(true));
  }

  @Override
  public boolean remove(Entry entry) {
    return waiting.remove(entry) || ready.remove(entry);
  }

  @Override
  public boolean holds(Entry entry) {
    return waiting.contains(entry) || ready.contains(entry);
  }

  @Override
  public void abandon(Entry entry) {
    remove(entry);
  }

  @Override
  public boolean surelyAlone(Entry entry, long at) {
    return true;
  }

  /** Called at the end of each turn: starts all entries that are ready, if the gate is open. */
  public void turn() {
    if (!draining) {
      due.turn(gate.isShut() ? ENOUGH_TO_PROBE - ready.size() : Integer.MAX_VALUE);
    }
    if (!ready.isEmpty() && !draining && !gate.isShut()) {
      List<Entry> entries = ready;
      ready = new ArrayList<>();
      work.runApart(entries);
    }
  }

  /** The entries that can be a probe. */
  public List<Candidate> candidates() {
    return ready.stream()
        .map(
            entry ->
                new Candidate(
                    entry.streamName(),
                    entry.entryId(),
                    false,
                    entry.endpointDeaths(),
                    () -> sendAsProbe(entry)))
        .toList();
  }

  private void sendAsProbe(Entry entry) {
    if (!draining && ready.remove(entry)) {
      confirmed(List.of(entry), () -> probe(entry));
    }
  }

  private void probe(Entry entry) {
    if (!waiting.remove(entry)) {
      return;
    }
    if (!draining && gate.probe(entry)) {
      work.runApart(List.of(entry));
    } else {
      ready.add(entry);
    }
  }

  private void confirmed(List<Entry> entries, Runnable then) {
    waiting.addAll(entries);
    if (entries.stream().allMatch(entry -> work.fresh(entry, loop.now()))) {
      then.run();
    } else {
      work.confirm(entries, then);
    }
  }

  /** Whether parked entries wait for room to be fetched. */
  boolean wantsRoom() {
    return due.wantRoom();
  }

  /** The entries that wait for the gate to open. */
  public List<Entry> held() {
    return List.copyOf(ready);
  }

  /** The gate was opened. */
  public void letGo() {
    List<Entry> stale = ready.stream().filter(entry -> !work.fresh(entry, loop.now())).toList();
    if (!stale.isEmpty()) {
      ready.removeAll(new HashSet<>(stale));
      confirmed(stale, () -> stale.forEach(this::resume));
    }
  }

  /** Starts no more entries. */
  public void drain() {
    draining = true;
  }
}
