package io.streamfleet.worker.suspect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tries suspects: entries that were begun when whoever handled them died. They are begun in groups,
 * with nothing else beside them, and a group is the smaller the more deaths its entries were part
 * of: all of them, then 16, 4, one. So whoever kills is alone after four deaths.
 *
 * <p>Between two groups what had to wait is begun, for many suspects may take long: a group then
 * waits for the end of that, though not for ever.
 *
 * <p>There is one for what dies: the process, or an endpoint of handlers. Its members are the
 * pipelines that would lose their calls with it. Safe for any thread; members are called with its
 * lock held, and do no more than to pass the call on to their own thread.
 */
public final class Trial {

  /**
   * So long a group waits for what runs besides to end: most handlers take less, and one that takes
   * hours holds up nobody. It is then begun beside what runs still, and nobody is alone.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * So long everything else waits for a suspect that is alone: it has to be told from others that
   * are at work when it kills, and handlers that take longer are rare.
   */
  static final Duration PATIENCE_WITH_ONE = Duration.ofMinutes(10);

  /** From this level on a suspect is tried by itself. */
  private static final int BY_ITSELF = 4;

  /** How many are tried together after two deaths, and after three. */
  private static final int[] GROUPS = {16, 4};

  /** A pipeline. */
  public interface Member {

    /**
     * Nothing is to be begun from now on that is not asked for by {@link #begin}. When nothing that
     * was begun runs any more, {@link Trial#quiet} is to be called; when that takes longer than
     * {@link #PATIENCE}, {@link Trial#waitedEnough}.
     *
     * @param round to be handed on
     */
    void hold(long round);

    /** Everything may be begun again. */
    void letGo();

    /**
     * A suspect's turn has come. When it has ended, {@link Trial#ended} is to be called.
     *
     * @param alone whether nothing else runs, and nothing will
     */
    void begin(Suspect suspect, boolean alone);
  }

  /** What is begun by itself, or with others of its kind. */
  public interface Suspect {

    Member member();

    /** How many deaths it was part of. */
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

  /** Whether suspects are being tried, or wait for that. */
  public boolean isOn() {
    return on;
  }

  public synchronized void join(Member member) {
    members.add(member);
    if (phase != Phase.NONE) {
      member.hold(round);
    }
  }

  /** A pipeline begins nothing any more; its suspects are not tried. */
  public synchronized void leave(Member member) {
    members.remove(member);
    waiting.removeIf(it -> it.member().equals(member));
    tried.removeIf(it -> it.member().equals(member));
    quiet(member, round);
    goOn();
  }

  /** A suspect is ready to be begun. */
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

  /** Of a member nothing runs any more. */
  public synchronized void quiet(Member member, long of) {
    if (phase == Phase.WAITING && of == round && busy.remove(member) && busy.isEmpty()) {
      next(true);
    }
  }

  /** Somebody was waited for long enough. */
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

  /** Those of the lowest level first: of these most are innocent, and wait for nothing else. */
  private List<Suspect> group() {
    int lowest = waiting.stream().mapToInt(Suspect::level).min().orElse(0);
    return waiting.stream()
        .filter(suspect -> suspect.level() == lowest)
        .limit(size(lowest))
        .toList();
  }

  private static long size(int level) {
    if (level >= BY_ITSELF) {
      return 1;
    }
    return level <= 1 ? Long.MAX_VALUE : GROUPS[level - 2];
  }

  /** A suspect that was begun has ended, well or not; or it takes so long that others begin. */
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
