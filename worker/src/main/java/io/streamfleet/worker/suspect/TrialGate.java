package io.streamfleet.worker.suspect;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.loop.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The last gate of a pipeline before the handler. Suspects wait here until their {@link Trial}
 * starts them; while a trial holds the pipeline, all other entries wait for its end. Entries pass
 * at once if they are no suspects and no trial is on. Belongs to the pipeline's loop.
 */
public final class TrialGate implements Trial.Member {

  private final EventLoop loop;
  private final Trial trial;
  private final ToIntFunction<Entry> level;
  private final Alone alone;
  private final Consumer<List<Entry>> handler;

  /** Suspects whose handler is running, by the entry that runs. */
  private final Map<Entry, Turn> tried = new HashMap<>();

  private List<List<Entry>> held = new ArrayList<>();
  private boolean holds;
  private long round;
  private EventLoop.@Nullable Timer patience;
  private int running;
  private boolean draining;

  /** Notified of suspects that run alone. */
  public interface Alone {

    /**
     * An entry is about to start alone.
     *
     * @param then starts it; to be called on the loop
     */
    void begins(Entry entry, Runnable then);

    /** Other entries start while an entry that was started alone still runs. */
    void joined(Entry entry);
  }

  /**
   * Entries to run one after the other, at least one of them a suspect; only the first is tried.
   */
  private record Turn(TrialGate member, List<Entry> entries, int level) implements Trial.Suspect {

    Entry first() {
      return entries.getFirst();
    }

    /** By identity. */
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /**
   * @param level how many deaths an entry was part of; 0 if it is no suspect
   * @param handler runs entries one after the other
   */
  public TrialGate(
      EventLoop loop,
      Trial trial,
      ToIntFunction<Entry> level,
      Alone alone,
      Consumer<List<Entry>> handler) {
    this.loop = loop;
    this.trial = trial;
    this.level = level;
    this.alone = alone;
    this.handler = handler;
  }

  /** Joins the trial. */
  public void start() {
    trial.join(this);
  }

  /**
   * Whether these entries may start now, which is nearly always so; then they count as running. If
   * not, they must be {@link #offer offered}.
   */
  public boolean passes(List<Entry> entries) {
    if (holds || highest(entries) > 0) {
      return false;
    }
    running += entries.size();
    return true;
  }

  /** An entry starts regardless of a trial, even if it is a suspect; it counts as running. */
  public void passesBy() {
    running++;
  }

  /** Whether a trial holds this pipeline now. */
  public boolean holds() {
    return holds;
  }

  private int highest(List<Entry> entries) {
    int highest = 0;
    for (Entry entry : entries) {
      highest = Math.max(highest, level.applyAsInt(entry));
    }
    return highest;
  }

  /** Runs entries one after the other, as soon as the trial permits. */
  public void offer(List<Entry> entries) {
    int highest = highest(entries);
    if (highest > 0) {
      trial.add(new Turn(this, List.copyOf(entries), highest));
    } else if (holds) {
      held.add(entries);
    } else {
      running += entries.size();
      handler.accept(entries);
    }
  }

  /** The handler has ended with an entry, or did not start it. */
  public void ended(Entry entry) {
    Turn turn = tried.isEmpty() ? null : tried.remove(entry);
    if (turn == null) {
      running--;
      reportIfQuiet();
      return;
    }
    List<Entry> behind = turn.entries().subList(1, turn.entries().size());
    if (!behind.isEmpty() && !draining) {
      offer(behind);
    }
    trial.ended(turn);
  }

  private void reportIfQuiet() {
    if (holds && running == 0) {
      trial.quiet(this, round);
    }
  }

  /** Whether suspects are being tried, here or in another pipeline. */
  public boolean isTrialOn() {
    return trial.isOn();
  }

  @Override
  public void hold(long now) {
    loop.execute(
        () -> {
          holds = true;
          round = now;
          patience = loop.after(Trial.PATIENCE, () -> trial.waitedEnough(now));
          reportIfQuiet();
        });
  }

  @Override
  public void letGo() {
    loop.execute(
        () -> {
          holds = false;
          EventLoop.Timer planned = patience;
          if (planned != null) {
            planned.cancel();
          }
          List<List<Entry>> all = held;
          held = new ArrayList<>();
          if (!draining) {
            all.forEach(this::offer);
          }
        });
  }

  @Override
  public void begin(Trial.Suspect suspect, boolean isAlone) {
    loop.execute(() -> begin((Turn) suspect, isAlone));
  }

  private void begin(Turn turn, boolean isAlone) {
    if (draining) {
      trial.ended(turn);
      return;
    }
    Entry first = turn.first();
    tried.put(first, turn);
    loop.after(
        isAlone ? Trial.PATIENCE_WITH_ONE : Trial.PATIENCE, () -> lastsTooLong(turn, isAlone));
    if (isAlone) {
      alone.begins(first, () -> handler.accept(List.of(first)));
    } else {
      handler.accept(List.of(first));
    }
  }

  private void lastsTooLong(Turn turn, boolean wasAlone) {
    Entry first = turn.first();
    if (turn.equals(tried.get(first))) {
      if (wasAlone) {
        alone.joined(first);
      }
      trial.ended(turn);
    }
  }

  /** Starts nothing any more, and leaves the trial. */
  public void drain() {
    draining = true;
    trial.leave(this);
  }
}
