package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.Evidence;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compares the evidence with the guarantees. A pure function: the same evidence gives the same
 * verdict.
 */
public final class Checker {

  /** Guarantees that hold at any time. */
  private static final List<Promise> ALWAYS =
      List.of(
          new NoDuplicates(),
          new OneAtATime(),
          new OrderKept(),
          new AttemptsCounted(),
          new TimeKept(),
          new GoodEnds(),
          new LittleSaid());

  /** Guarantees that hold when everything is settled and all workers have exited. */
  private static final List<Promise> AT_THE_END =
      List.of(new NothingLost(), new EmittedOnce(), new NothingLeft());

  private Checker() {}

  /** All broken guarantees. */
  public static List<Violation> check(Evidence evidence) {
    return broken(Stream.concat(AT_THE_END.stream(), ALWAYS.stream()), evidence);
  }

  /** The same for an aborted run, which is expected to leave entries behind. */
  public static List<Violation> checkBrokenOff(Evidence evidence) {
    return broken(ALWAYS.stream(), evidence);
  }

  private static List<Violation> broken(Stream<Promise> promises, Evidence evidence) {
    return promises.flatMap(promise -> promise.broken(evidence).stream()).toList();
  }
}
