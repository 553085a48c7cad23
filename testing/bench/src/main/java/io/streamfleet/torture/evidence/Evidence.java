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
 * Everything known about a run after its end.
 *
 * @param forgotten entries that a fault has made Redis lose, whatever their state
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
    List<LogVolume> logVolumes,
    Remains remains) {

  /**
   * Within this time a worker that was resumed checks its locks (100 ms) and interrupts calls whose
   * lock is lost.
   */
  private static final long WAKE_MARGIN = Duration.ofMillis(300).toNanos();

  /**
   * Redis may deliver an entry to a process that has just died, until it notices the closed
   * connection.
   */
  private static final long DISCONNECT_MARGIN = Duration.ofMillis(200).toNanos();

  /**
   * Connections of a worker that break within 200 ms count as broken by the endpoint. The worker
   * measures when it hears of them, which may be later by as much on a busy machine.
   */
  private static final long TOGETHER = Duration.ofMillis(400).toNanos();

  /** A worker with an open breaker probes the endpoint every ten seconds at least. */
  private static final long PROBE_MARGIN = Duration.ofSeconds(11).toNanos();

  public Evidence {
    handlings = handlings.stream().sorted(Comparator.comparingLong(Handling::began)).toList();
  }

  /** The calls for each entry, in the order of their start. */
  public Map<EntryKey, List<Handling>> byEntry() {
    Map<EntryKey, List<Handling>> byEntry = new TreeMap<>();
    handlings.forEach(it -> byEntry.computeIfAbsent(it.entry(), key -> new ArrayList<>()).add(it));
    return byEntry;
  }

  /** The ordered calls of each channel, in the order of their start. */
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

  /** Whether an incident within a span may have cost a worker its entries in flight. */
  public boolean disturbed(String worker, long from, long to) {
    return incidents.stream().anyMatch(it -> it.touches(worker, from, to));
  }

  /** Whether any incident happened within a span. */
  public boolean disturbed(long from, long to) {
    return incidents.stream()
        .anyMatch(
            it ->
                it.kind().concernsWorkers()
                    && it.touches(it.worker(), from - DISCONNECT_MARGIN, to));
  }

  /**
   * Whether an entry may have been handed to a dead worker within a span. In a Cluster nobody can
   * tell whether the holder of a lock still listens, so entries are handed to it until its lock
   * expires, each with one more delivery.
   */
  public boolean mayHaveGoneToTheDead(long from, long to) {
    return !rules.oneStep()
        && incidents.stream()
            .filter(it -> it.kind() == Kind.KILLED)
            .anyMatch(it -> it.touches(it.worker(), from - rules.lockTtl(), to));
  }

  /** Whether something other than a clean exit happened to a worker within a span. */
  public boolean lostInHand(String worker, long from, long to) {
    return incidents.stream()
        .filter(it -> it.kind() != Kind.TERMINATED)
        .anyMatch(it -> it.kind().concernsWorkers() && it.touches(worker, from, to));
  }

  /**
   * Whether the handler's endpoint may have been unavailable to a worker in a span: then a failure
   * may use no attempt, and another worker may continue with the entry.
   */
  public boolean handlerTrouble(long from, long to) {
    return incidents.stream()
        .filter(it -> it.kind() == Kind.HANDLER)
        .anyMatch(it -> it.from() <= to && it.to() + PROBE_MARGIN >= from);
  }

  /** Whether Redis held an entry when it was last inspected. */
  public boolean isKnown(EntryKey entry) {
    return published.stream().anyMatch(it -> it.entry().equals(entry));
  }

  /** Whether a worker is an original one, which guarantees less. */
  public boolean isOriginal(String worker) {
    return incidents.stream()
        .anyMatch(it -> it.kind() == Kind.ORIGINAL && it.worker().equals(worker));
  }

  /** The number of original workers that were running at any time since then. */
  public long originalsSince(long from) {
    return incidents.stream().filter(it -> it.kind() == Kind.ORIGINAL && it.to() >= from).count();
  }

  /** Whether an original worker has appended a message to the stream again, as another entry. */
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
   * Whether Redis may have lost locks within a span: by a failover to a replica that lacked them,
   * or by a loss of all data.
   */
  public boolean lostLocks(long from, long to) {
    return happened(EnumSet.of(Kind.FAILOVER, Kind.FORGOTTEN), from, to);
  }

  /** Whether Redis may have lost delivery counts and acknowledgements within a span. */
  public boolean lostCounts(long from, long to) {
    return happened(EnumSet.of(Kind.FAILOVER, Kind.FORGOTTEN, Kind.GROUP), from, to);
  }

  /**
   * The number of times since then that a reply of Redis may have been lost. An entry claimed by a
   * sweep keeps its delivery count then: its owner finds it among its own pending entries and
   * cannot tell it from entries that others handed over, which were counted.
   */
  public long lostAnswersSince(long from) {
    Set<Kind> silences =
        EnumSet.of(Kind.LINK, Kind.REDIS, Kind.FAILOVER, Kind.FROZEN, Kind.STALLED);
    return incidents.stream().filter(it -> silences.contains(it.kind()) && it.to() >= from).count();
  }

  /** Whether the handler dropped another call of the same worker at about the same time. */
  public boolean droppedTogether(Handling call) {
    return call.ending() == Handling.Ending.DROPPED
        && handlings.stream()
                .filter(it -> it.ending() == Handling.Ending.DROPPED)
                .filter(it -> it.worker().equals(call.worker()))
                .filter(it -> Math.abs(it.ended() - call.ended()) <= TOGETHER)
                .limit(2)
                .count()
            == 2;
  }

  private boolean happened(Set<Kind> kinds, long from, long to) {
    return incidents.stream()
        .anyMatch(it -> kinds.contains(it.kind()) && it.touches(it.worker(), from, to));
  }

  /**
   * Whether a worker started a call right after it was resumed. It may have decided to do so long
   * before: a stopped process cannot be kept from continuing what it was doing.
   */
  public boolean woke(Handling call) {
    return incidents.stream()
        .filter(it -> it.touches(call.worker(), call.began() - WAKE_MARGIN, call.began()))
        .anyMatch(it -> it.kind().isStandstill() && it.to() - it.from() > rules.lockTtl() / 2);
  }

  /**
   * Whether a worker was stopped until its handler timeout was over: it then treats an answer that
   * arrived meanwhile as missing.
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
