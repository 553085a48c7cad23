package io.streamfleet.torture.evidence;

import io.streamfleet.torture.evidence.Incident.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All that is known of a run when it is over.
 *
 * @param forgotten entries that Redis was made to forget, whatever had become of them
 */
public record Evidence(
    Rules rules,
    List<Published> published,
    List<Handling> handlings,
    List<DeadLetterRecord> letters,
    List<Incident> incidents,
    List<Departure> departures,
    List<SoloSpan> solos,
    Set<EntryKey> forgotten,
    List<LogVolume> talks,
    Remains remains) {

  /** Within it a worker that wakes looks at its locks (100 ms) and interrupts what is not to be. */
  private static final long WAKING = Duration.ofMillis(300).toNanos();

  /** Redis may give an entry to a process that has just died, as long as it has not heard of it. */
  private static final long GONE_UNSEEN = Duration.ofMillis(200).toNanos();

  public Evidence {
    handlings = handlings.stream().sorted(Comparator.comparingLong(Handling::began)).toList();
  }

  /** The handlings of each entry, in the order in which they began. */
  public Map<EntryKey, List<Handling>> byEntry() {
    Map<EntryKey, List<Handling>> byEntry = new TreeMap<>();
    handlings.forEach(it -> byEntry.computeIfAbsent(it.entry(), key -> new ArrayList<>()).add(it));
    return byEntry;
  }

  /** The handlings that keep their turn, of each channel, in the order in which they began. */
  public Map<String, List<Handling>> byChannel() {
    Map<String, List<Handling>> byChannel = new TreeMap<>();
    handlings.stream()
        .filter(Handling::ordered)
        .forEach(it -> byChannel.computeIfAbsent(it.channel(), key -> new ArrayList<>()).add(it));
    return byChannel;
  }

  public Map<EntryKey, List<DeadLetterRecord>> lettersByEntry() {
    Map<EntryKey, List<DeadLetterRecord>> byEntry = new TreeMap<>();
    letters.forEach(it -> byEntry.computeIfAbsent(it.entry(), key -> new ArrayList<>()).add(it));
    return byEntry;
  }

  /** Whether anything happened to a worker in a span that may cost it what it has in flight. */
  public boolean disturbed(String worker, long from, long to) {
    return incidents.stream().anyMatch(it -> it.touches(worker, from, to));
  }

  /** Whether anything happened to anybody in a span. */
  public boolean disturbed(long from, long to) {
    return incidents.stream()
        .anyMatch(
            it -> it.kind().concernsWorkers() && it.touches(it.worker(), from - GONE_UNSEEN, to));
  }

  /**
   * Whether an entry may have been given to a dead worker in a span. In a Cluster nobody can tell
   * whether the holder of a lock still listens, so entries go to it for as long as its lock
   * outlives it, and each of them has had a delivery then.
   */
  public boolean mayHaveGoneToTheDead(long from, long to) {
    return !rules.oneStep()
        && incidents.stream()
            .filter(it -> it.kind() == Kind.KILLED)
            .anyMatch(it -> it.touches(it.worker(), from - rules.lockTtl(), to));
  }

  /** Whether something other than a good end happened to a worker in a span. */
  public boolean lostInHand(String worker, long from, long to) {
    return incidents.stream()
        .filter(it -> it.kind() != Kind.TERMINATED)
        .anyMatch(it -> it.kind().concernsWorkers() && it.touches(worker, from, to));
  }

  /** Whether Redis had an entry when it was last asked. */
  public boolean isKnown(EntryKey entry) {
    return published.stream().anyMatch(it -> it.entry().equals(entry));
  }

  /** Whether a worker is of the original kind, which promises less. */
  public boolean isOriginal(String worker) {
    return incidents.stream()
        .anyMatch(it -> it.kind() == Kind.ORIGINAL && it.worker().equals(worker));
  }

  /** How many workers of the original kind were there at any time since then. */
  public long originalsSince(long from) {
    return incidents.stream().filter(it -> it.kind() == Kind.ORIGINAL && it.to() >= from).count();
  }

  /** Whether an original worker has put a message at the end of the stream, as another entry. */
  public boolean requeued(Published entry) {
    return !entry.isEmitted()
        && published.stream()
            .anyMatch(
                it ->
                    it.isCopy()
                        && it.number() == entry.number()
                        && it.entry().compareTo(entry.entry()) > 0);
  }

  /**
   * Whether Redis may not know in a span of locks that were taken: another one took over, to which
   * the last one had not told all, or it has lost everything.
   */
  public boolean lostLocks(long from, long to) {
    return happened(EnumSet.of(Kind.FAILOVER, Kind.FORGOTTEN), from, to);
  }

  /** Whether Redis may not know in a span of deliveries and what was settled. */
  public boolean lostCounts(long from, long to) {
    return happened(EnumSet.of(Kind.FAILOVER, Kind.FORGOTTEN, Kind.GROUP), from, to);
  }

  /**
   * How often since then an answer of Redis may not have reached who asked. What a sweep claimed
   * keeps its count then: its owner finds it in its own pending entries, and can't tell it from
   * what it was given by others, who had counted it.
   */
  public long lostAnswersSince(long from) {
    Set<Kind> silences =
        EnumSet.of(Kind.LINK, Kind.REDIS, Kind.FAILOVER, Kind.FROZEN, Kind.STALLED);
    return incidents.stream().filter(it -> silences.contains(it.kind()) && it.to() >= from).count();
  }

  private boolean happened(Set<Kind> kinds, long from, long to) {
    return incidents.stream()
        .anyMatch(it -> kinds.contains(it.kind()) && it.touches(it.worker(), from, to));
  }

  /**
   * Whether a worker began with a call when it had just stood still. It may have made up its mind
   * long before, and is only now where anybody sees it: a stopped process cannot be kept from going
   * on with what it is in.
   */
  public boolean woke(Handling call) {
    return incidents.stream()
        .filter(it -> it.touches(call.worker(), call.began() - WAKING, call.began()))
        .anyMatch(it -> it.kind().isStandstill() && it.to() - it.from() > rules.lockTtl() / 2);
  }

  /**
   * Whether a worker stood still until its patience with a call was over: it takes the answer for
   * none that was there meanwhile.
   */
  public boolean unheard(Handling call) {
    return incidents.stream()
        .filter(it -> it.kind().isStandstill())
        .filter(it -> it.touches(call.worker(), call.began(), call.ended()))
        .anyMatch(it -> it.to() - call.began() > rules.handlerTimeout());
  }

  /** Whether a call is the only one for its entry that can have settled it. */
  public boolean counted(Handling call) {
    return call.isDone()
        && letters.stream().noneMatch(it -> it.entry().equals(call.entry()))
        && handlings.stream()
            .filter(it -> it.entry().equals(call.entry()) && it.isDone())
            .allMatch(call::equals);
  }
}
