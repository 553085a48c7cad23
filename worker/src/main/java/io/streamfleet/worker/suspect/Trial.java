package io.streamfleet.worker.suspect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tries suspects: entries whose handlers were running when the process or endpoint that handled
 * them died. They start in groups, with nothing else running. The more deaths the entries of a
 * group were part of, the smaller it is: after one death all together, then 16, 4 and one. So the
 * entry that kills runs alone after at most four deaths.
 *
 * <p>Many suspects take long, so between two groups the entries that were held back start. The next
 * group waits until these have ended, up to {@link #PATIENCE}.
 *
 * <p>There is one trial for each thing that may die: the process, and each handler endpoint. Its
 * members are the pipelines whose calls would die with it. Thread-safe. Members are called with the
 * trial's lock held and must only pass the call on to their own thread.
 */
public final class Trial {

  /**
   * How long a group waits for running handlers to end: most take less, and one that takes hours
   * must not block the trial. After that the group starts beside what is still running, and then no
   * suspect counts as alone.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * How long everything else waits for a suspect that runs alone. If it kills, no other entry may
   * be running; handlers that take longer are rare.
   */
  static final Duration PATIENCE_WITH_ONE = Duration.ofMinutes(10);

  /** From so many deaths on a suspect is tried alone. */
  private static final int ALONE = 4;

  /** The size of a group after two deaths, and after three. */
  private static final int[] GROUPS = {16, 4};

  /** A pipeline. */
  public interface Member {

    /**
     * Start nothing from now on, except by {@link #begin}. Call {@link Trial#quiet} when nothing
     * runs any more, and {@link Trial#waitedEnough} when that takes longer than {@link #PATIENCE}.
     *
     * @param round to be passed to these calls
     */
    void hold(long round);

    /** Everything may start again. */
    void letGo();

    /**
     * Start a suspect, and call {@link Trial#ended} when it has ended.
     *
     * @param alone whether nothing else runs, or starts until it has ended
     */
    void begin(Suspect suspect, boolean alone);
  }

  /** An entry to be tried. */
  public interface Suspect {

    Member member();

    /** How many deaths the entry was part of. */
    int level();
  }

  private enum Phase {
    NONE,
    WAITING,
    TRYING
  }

  private final Set<Member> members = new HashSet<>();
  private final List<Suspect> waiting = new ArrayList<>();
  private final Set<Suspect> tried = new HashSet<>();
  private final Set<Member> busy = new HashSet<>();
  private Phase phase = Phase.NONE;
  private long round;
  private volatile boolean on;

  /** Whether suspects are being tried or wait to be tried. */
  public boolean isOn() {
    return on;
  }

  public synchronized void join(Member member) {
    members.add(member);
    if (phase != Phase.NONE) {
      member.hold(round);
    }
  }

  /** Removes a pipeline that starts nothing any more; its suspects are not tried. */
  public synchronized void leave(Member member) {
    members.remove(member);
    waiting.removeIf(it -> it.member().equals(member));
    tried.removeIf(it -> it.member().equals(member));
    quiet(member, round);
    goOn();
  }

  /** Adds a suspect that is ready to start. */
  public synchronized void add(Suspect suspect) {
    waiting.add(suspect);
    if (phase == Phase.NONE) {
      gather();
    }
  }

  private void gather() {
    phase = Phase.WAITING;
    on = true;
    round++;
    busy.clear();
    busy.addAll(members);
    members.forEach(member -> member.hold(round));
  }

  /** Nothing of a member runs any more. */
  public synchronized void quiet(Member member, long of) {
    if (phase == Phase.WAITING && of == round && busy.remove(member) && busy.isEmpty()) {
      next(true);
    }
  }

  /** The round has waited for {@link #PATIENCE}: its group starts beside what still runs. */
  public synchronized void waitedEnough(long of) {
    if (phase == Phase.WAITING && of == round) {
      next(false);
    }
  }

  private void next(boolean apart) {
    phase = Phase.TRYING;
    List<Suspect> group = group();
    waiting.removeAll(group);
    tried.addAll(group);
    boolean alone = apart && group.size() == 1;
    group.forEach(suspect -> suspect.member().begin(suspect, alone));
    goOn();
  }

  /** Those with the fewest deaths first: most of them do not kill and are cleared soon. */
  private List<Suspect> group() {
    int lowest = waiting.stream().mapToInt(Suspect::level).min().orElse(0);
    return waiting.stream()
        .filter(suspect -> suspect.level() == lowest)
        .limit(size(lowest))
        .toList();
  }

  private static long size(int level) {
    if (level >= ALONE) {
      return 1;
    }
    return level <= 1 ? Long.MAX_VALUE : GROUPS[level - 2];
  }

  /** A suspect has ended, successfully or not, or others no longer wait for it. */
  public synchronized void ended(Suspect suspect) {
    tried.remove(suspect);
    goOn();
  }

  private void goOn() {
    if (phase != Phase.TRYING || !tried.isEmpty()) {
      return;
    }
    phase = Phase.NONE;
    on = false;
    members.forEach(Member::letGo);
    if (!waiting.isEmpty()) {
      gather();
    }
  }
}
