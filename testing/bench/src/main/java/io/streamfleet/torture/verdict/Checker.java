package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.Evidence;
import java.util.List;
import java.util.stream.Stream;

/** Compares what was seen with what is promised. Pure: the same evidence, the same verdict. */
public final class Checker {

  /** What holds at any time. */
  private static final List<Promise> ALWAYS =
      List.of(
          new NoDuplicates(),
          new OneAtATime(),
          new OrderKept(),
          new AttemptsCounted(),
          new TimeKept(),
          new GoodEnds(),
          new LittleSaid());

  /** What holds when all is settled and all workers have ended. */
  private static final List<Promise> IN_THE_END =
      List.of(new NothingLost(), new EmittedOnce(), new NothingLeft());

  private Checker() {}

  /** All promises that were broken. */
  public static List<Violation> check(Evidence evidence) {
    return broken(Stream.concat(IN_THE_END.stream(), ALWAYS.stream()), evidence);
  }

  /** The same of a run that was broken off: it has left much behind, and that is no surprise. */
  public static List<Violation> checkBrokenOff(Evidence evidence) {
    return broken(ALWAYS.stream(), evidence);
  }

  private static List<Violation> broken(Stream<Promise> promises, Evidence evidence) {
    return promises.flatMap(promise -> promise.broken(evidence).stream()).toList();
  }
}
