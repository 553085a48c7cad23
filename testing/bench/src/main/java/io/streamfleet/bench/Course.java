package io.streamfleet.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One kind of work that contenders are compared on.
 *
 * @param name in the tables
 * @param messages of the stream
 * @param ordered whether by channel
 * @param workers the fleet sizes to measure
 * @param main whether measurements that are not made on every course are made on this one
 */
record Course(
    String name, Messages messages, boolean ordered, List<Integer> workers, boolean main) {

  /** The number of channels where it does not matter. */
  private static final int CHANNELS = 1_000;

  static Course unordered() {
    return new Course("unordered", new Messages(CHANNELS), false, List.of(1), false);
  }

  static Course ordered(int channels) {
    String name = String.format(Locale.ROOT, "ordered, %,d channels", channels);
    return new Course(name, new Messages(channels), true, List.of(1), false);
  }

  static Course skewed() {
    String name = String.format(Locale.ROOT, "ordered, %,d channels by Zipf's law", CHANNELS);
    return new Course(name, Messages.skewed(CHANNELS), true, List.of(1), false);
  }

  /** The same as a main course, for fleets of one worker up to this many. */
  Course main(int mostWorkers) {
    List<Integer> numbers = IntStream.rangeClosed(1, mostWorkers).boxed().toList();
    return new Course(name, messages, ordered, numbers, true);
  }
}
