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
 * The last gate before the handler, of one pipeline: suspects wait here for their turn in a {@link
 * Trial}, and what is not suspected for its end. Who is not suspected while nobody is passes.
 * Belongs to the pipeline's loop.
 */
public final class TrialGate implements Trial.Member {

  private final EventLoop loop;
  private final Trial trial;
  private final ToIntFunction<Entry> level;
  private final Alone alone;
  private final Consumer<List<Entry>> handler;

  /** Suspects that the handler is at. */
  private final Map<Entry, Turn> tried = new HashMap<>();

  private List<List<Entry>> held = new ArrayList<>();
  private boolean holds;
  private long round;
  private EventLoop.@Nullable Timer patience;
  private int running;
  private boolean draining;

  /** Who has to know that an entry is about to be begun while nothing else is at work. */
  public interface Alone {

    /**
     * An entry is about to be begun.
     *
     * @param then has it begun, on the loop
     */
    void begins(Entry entry, Runnable then);

    /** Others are begun beside an entry that was alone. */
    void joined(Entry entry);
  }

  /** Entries that run one after the other, of which at least one is suspected: the first begins. */
  private record Turn(TrialGate member, List<Entry> entries, int level) implements Trial.Suspect {

    Entry first() {
      return entries.getFirst();
    }

    /** A turn is itself. */
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
   * @param level how strong the suspicion of an entry is; 0: there is none
   * @param handler has entries run one after the other
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

  /** Takes part from now on. */
  public void start() {
    trial.join(this);
  }

  /**
   * Whether these entries may all be begun at once, as nearly always; if so they count as begun. If
   * not they are to be {@link #offer offered}.
   */
  public boolean passes(List<Entry> entries) {
    if (holds || highest(entries) > 0) {
      return false;
    }
    running += entries.size();
    return true;
  }

  /** An entry is begun though suspects are tried, or it is suspected; it counts as begun. */
  public void passesBy() {
    running++;
  }

  /** Whether something is held back now. */
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

  /** Entries are to run, one after the other. */
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

  /** The handler is done with an entry, or did not begin with it. */
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

  /** Begins nothing any more. */
  public void drain() {
    draining = true;
    trial.leave(this);
  }
}
