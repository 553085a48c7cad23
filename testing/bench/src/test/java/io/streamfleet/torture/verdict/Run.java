package io.streamfleet.torture.verdict;

import io.streamfleet.redis.EntryId;
import io.streamfleet.torture.evidence.DeadLetterRecord;
import io.streamfleet.torture.evidence.Departure;
import io.streamfleet.torture.evidence.EntryKey;
import io.streamfleet.torture.evidence.Evidence;
import io.streamfleet.torture.evidence.Handling;
import io.streamfleet.torture.evidence.Handling.Ending;
import io.streamfleet.torture.evidence.Incident;
import io.streamfleet.torture.evidence.LogVolume;
import io.streamfleet.torture.evidence.Published;
import io.streamfleet.torture.evidence.Remains;
import io.streamfleet.torture.evidence.Rules;
import io.streamfleet.torture.evidence.SoloSpan;
import io.streamfleet.torture.plan.Errand;
import io.streamfleet.torture.plan.Errand.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A history written by hand; times are whole seconds. */
final class Run {

  static final String IN = "in";
  private static final long SECOND = 1_000_000_000L;

  private final List<Published> published = new ArrayList<>();
  private final List<Handling> handlings = new ArrayList<>();
  private final List<DeadLetterRecord> letters = new ArrayList<>();
  private final List<Incident> incidents = new ArrayList<>();
  private final List<Departure> departures = new ArrayList<>();
  private final List<SoloSpan> solos = new ArrayList<>();
  private final Set<EntryKey> forgotten = new HashSet<>();
  private final List<LogVolume> logVolumes = new ArrayList<>();
  private boolean oneStep = true;
  private Remains remains = Remains.NOTHING;

  static EntryKey key(int id) {
    return new EntryKey(IN, new EntryId(id, 0));
  }

  /** An entry of the channel c, sent at second 0. */
  Run sent(int id, Kind kind) {
    return sent(id, kind, 0);
  }

  Run sent(int id, Kind kind, double at) {
    published.add(new Published(key(id), id, "c", true, new Errand(kind, 0), false, nanos(at)));
    return this;
  }

  /** A plain message of another channel. */
  Run sentTo(String channel, int id) {
    Errand errand = new Errand(Kind.PLAIN, 0);
    published.add(new Published(key(id), id, channel, true, errand, false, nanos(0)));
    return this;
  }

  Run call(int id, String worker, int attempt, double from, double to, Ending ending) {
    return callIn("c", id, worker, attempt, from, to, ending);
  }

  /** A call for a message of this channel. */
  Run callIn(
      String channel, int id, String worker, int attempt, double from, double to, Ending ending) {
    handlings.add(
        new Handling(key(id), worker, channel, true, attempt, nanos(from), nanos(to), ending, ""));
    return this;
  }

  Run done(int id, String worker, double from, double to) {
    return call(id, worker, 1, from, to, Ending.DONE);
  }

  /** The handler of the outbound stream saw what an entry has emitted. */
  Run emitted(int id, int out) {
    EntryKey entry = new EntryKey("out", new EntryId(out, 0));
    published.add(Published.emitted(entry));
    handlings.add(
        new Handling(entry, "a", "", false, 1, nanos(50), nanos(51), Ending.DONE, id + "-0"));
    return this;
  }

  Run letter(int id, String reason, int attempt) {
    letters.add(new DeadLetterRecord(key(id), reason, attempt, "a", "an error"));
    return this;
  }

  Run incident(Incident.Kind kind, String worker, double from, double to) {
    incidents.add(new Incident(kind, worker, nanos(from), nanos(to), ""));
    return this;
  }

  Run departed(String worker, Departure.Why why, int status, double from, double to) {
    departures.add(new Departure(worker, why, status, true, nanos(from), nanos(to)));
    return this;
  }

  Run inCluster() {
    oneStep = false;
    return this;
  }

  /** Redis was made to forget an entry. */
  Run forgotten(int id) {
    forgotten.add(key(id));
    return this;
  }

  Run said(String worker, long second, int lines) {
    logVolumes.add(new LogVolume(worker, second, lines));
    return this;
  }

  Run solo(String worker, double from, double to) {
    solos.add(new SoloSpan(worker, nanos(from), nanos(to)));
    return this;
  }

  /** An original worker has put an entry at the end of the stream again. */
  Run requeued(int id, int copy, Kind kind) {
    published.add(new Published(key(copy), id, "c", true, new Errand(kind, 0), true, nanos(0)));
    return this;
  }

  Run leaves(
      Map<EntryKey, String> pending, Map<String, List<String>> consumers, List<String> keys) {
    remains = new Remains(pending, Set.of(), consumers, keys);
    return this;
  }

  private static long nanos(double seconds) {
    return Math.round(seconds * SECOND);
  }

  Evidence evidence() {
    return new Evidence(
        new Rules(3, 5, 6 * SECOND, 9 * SECOND, 4 * SECOND, oneStep),
        published,
        handlings,
        letters,
        incidents,
        departures,
        solos,
        forgotten,
        logVolumes,
        remains);
  }

  List<String> verdict() {
    return Checker.check(evidence()).stream().map(Violation::toString).toList();
  }
}
