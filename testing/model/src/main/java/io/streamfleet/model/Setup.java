package io.streamfleet.model;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is checked: how many workers, which entries, which faults.
 *
 * @param targets the partitions that a plain stream is split into; 0: nothing is split
 * @param later the last of the entries, as many, are appended only after Redis started empty
 * @param channels the channel of each entry, in the order of the stream; a channel is in the
 *     partition of its number modulo that of the partitions
 * @param timeless whether no lease runs out whose owner is there
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Setup(
    int workers,
    int partitions,
    int targets,
    int[] channels,
    int later,
    Map<Fault, Integer> most,
    Set<Mistake> mistakes,
    boolean timeless) {

  /** What can happen to it, each only so often, for else there would be no end of states. */
  public enum Fault {
    /** A process dies and does not come back. */
    DEATH,
    /** A process dies, and another of its name begins. */
    RESTART,
    /** A process stops for so long that its lease runs out, and goes on with what it believed. */
    PAUSE,
    /** A partition is assigned to another worker. */
    MOVE,
    /** A handler does not end in time when its partition moves. */
    HANG,
    /** A replica takes over that lacks the last writes. */
    FAILOVER,
    /** The same, on a Cluster: of the node of the partitions alone, not of the plain stream's. */
    FAILOVER_OF_PARTITIONS,
    /** Redis starts empty. */
    EMPTY,
    /** Redis did what it was told, and the answer is lost. */
    LOST_ANSWER,
    /** A handler fails, and its entry is to be tried again. */
    FAILURE;

    /** Where a packed state has how often it may still happen. */
    @SuppressWarnings("EnumOrdinal")
    int place() {
      return ordinal();
    }
  }

  /** Nothing happens yet, and no mistake is made. */
  public static Setup of(int workers, int partitions, int... channels) {
    return new Setup(workers, partitions, 0, channels, 0, Map.of(), Set.of(), false);
  }

  /** Splitters of one plain stream. */
  public static Setup splitting(int workers, int targets, int... channels) {
    return new Setup(workers, 1, targets, channels, 0, Map.of(), Set.of(), false);
  }

  /** The same with a fault that happens so often at the most. */
  public Setup with(Fault fault, int times) {
    EnumMap<Fault, Integer> more = new EnumMap<>(Fault.class);
    more.putAll(most);
    more.put(fault, times);
    return new Setup(workers, partitions, targets, channels, later, more, mistakes, timeless);
  }

  /** The same with a mistake. */
  public Setup with(Mistake mistake) {
    Set<Mistake> more = EnumSet.of(mistake);
    more.addAll(mistakes);
    return new Setup(workers, partitions, targets, channels, later, most, more, timeless);
  }

  /** The same with so many of the entries appended only after Redis started empty. */
  public Setup withLater(int entries) {
    return new Setup(workers, partitions, targets, channels, entries, most, mistakes, timeless);
  }

  /** The same with owners that renew in time, whatever happens. */
  public Setup withoutTime() {
    return new Setup(workers, partitions, targets, channels, later, most, mistakes, true);
  }

  /**
   * Whether time is told, so that leases run out early or late. Without pauses and failovers they
   * run out only when their owner is gone.
   */
  boolean tellsTime() {
    return !timeless
        && Stream.of(Fault.PAUSE, Fault.FAILOVER, Fault.FAILOVER_OF_PARTITIONS)
            .anyMatch(most::containsKey);
  }

  byte[] faults() {
    byte[] left = new byte[Fault.values().length];
    most.forEach((fault, times) -> left[fault.place()] = times.byteValue());
    return left;
  }

  boolean makes(Mistake mistake) {
    return mistakes.contains(mistake);
  }

  int partitionOf(int entry) {
    return channels[entry] % partitions;
  }

  /** The entries of a partition. */
  int entriesOf(int partition) {
    int entries = 0;
    for (int entry = 0; entry < channels.length; entry++) {
      entries |= partitionOf(entry) == partition ? 1 << entry : 0;
    }
    return entries;
  }

  /** The entries that are split into the same partition as one. */
  int besideInTarget(int entry) {
    int entries = 0;
    for (int other = 0; other < channels.length; other++) {
      entries |= channels[other] % targets == channels[entry] % targets ? 1 << other : 0;
    }
    return entries;
  }

  /** The entries of the channel of one that are older than it. */
  int olderInChannel(int entry) {
    return ofChannel(entry) & ((1 << entry) - 1);
  }

  /** The entries of the channel of one that are younger than it. */
  int youngerInChannel(int entry) {
    return ofChannel(entry) & -(2 << entry);
  }

  /** The entries of the channel of one. */
  int ofChannel(int entry) {
    int entries = 0;
    for (int other = 0; other < channels.length; other++) {
      entries |= channels[other] == channels[entry] ? 1 << other : 0;
    }
    return entries;
  }

  /** The entries that are there from the beginning. */
  int first() {
    return (1 << (channels.length - later)) - 1;
  }

  /** Those that come after Redis started empty. */
  int laterEntries() {
    return ((1 << channels.length) - 1) & ~first();
  }

  @Override
  public String toString() {
    return workers
        + " workers, "
        + partitions
        + " partitions, channels "
        + Arrays.toString(channels)
        + " "
        + most
        + " "
        + mistakes;
  }
}
