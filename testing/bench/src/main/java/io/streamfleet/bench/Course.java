package io.streamfleet.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What is raced over.
 *
 * @param name as it stands in the tables
 * @param messages those of the stream
 * @param ordered whether by channel
 * @param workers the numbers of workers that go through it
 * @param main whether what is not measured on every course is measured on this one
 */
record Course(
    String name, Messages messages, boolean ordered, List<Integer> workers, boolean main) {

  /** The channels of the courses where their number is not what matters. */
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

  /** The same as a main one, for fleets of one worker to so many. */
  Course main(int mostWorkers) {
    List<Integer> numbers = IntStream.rangeClosed(1, mostWorkers).boxed().toList();
    return new Course(name, messages, ordered, numbers, true);
  }
}
