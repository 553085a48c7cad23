package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.Evidence;
import java.util.List;

/** Compares what was seen with what is promised. Pure: the same evidence, the same verdict. */
public final class Checker {

  private static final List<Promise> PROMISES =
      List.of(
          new NothingLost(),
          new NoDuplicates(),
          new OneAtATime(),
          new OrderKept(),
          new AttemptsCounted(),
          new EmittedOnce(),
          new NothingLeft(),
          new GoodEnds());

  private Checker() {}

  /** All promises that were broken, the weightiest first. */
  public static List<Violation> check(Evidence evidence) {
    return PROMISES.stream().flatMap(promise -> promise.broken(evidence).stream()).toList();
  }
}
