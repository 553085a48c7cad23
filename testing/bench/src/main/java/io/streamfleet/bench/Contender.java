package io.streamfleet.bench;

import io.streamfleet.bench.Observer.Progress;
import java.io.IOException;
import java.util.List;

/**
 * Who is measured: a program that goes through the entries of a stream, each of its workers a
 * process of its own. What is said here of streams is what all do that read Redis Streams; who
 * keeps its entries elsewhere says where.
 */
interface Contender {

  /** As it stands in the tables. */
  String name();

  /** Of the program, or of the library that it shows. */
  String version();

  /** Its settings as far as they matter to its speed, in one line for the results. */
  String configuration();

  /** What Streamfleet promises and this does not, each in a few words. */
  List<String> doesNotGuarantee();

  /** Whether it can do this work at all. */
  default boolean takes(Work work) {
    return true;
  }

  /** Whether its entries are those of a stream, pending in a consumer group until acknowledged. */
  default boolean readsStreams() {
    return true;
  }

  /** The most entries that are worth filling for a lap: more would be left over. */
  default long most() {
    return Long.MAX_VALUE;
  }

  /**
   * How many connections of a worker block where there is nothing to read. It is started before
   * there is something, so that all workers of a fleet begin at the same time; with none, after.
   */
  default int readers() {
    return 1;
  }

  /**
   * Starts one of its workers, which ends in good order on SIGTERM.
   *
   * @param consumer its name in the group; no two that run side by side have the same
   */
  Child start(Lab lab, Work work, String consumer) throws IOException;

  /**
   * Makes exactly so many entries wait, none of them read. Costs next to nothing where the stream
   * has at least as many of these messages: then it is the last ones that wait.
   */
  default void fill(Lab lab, String stream, Messages messages, long count)
      throws IOException, InterruptedException {
    lab.redis().provide(stream, messages, count);
    lab.redis().rewind(stream, Lab.GROUP, count);
  }

  /** Who adds entries at a fixed rate to where this contender reads. */
  default Publisher publisher(Lab lab, String stream, Messages messages, double perSecond) {
    return new OpenLoop(lab.redis().connection(), stream, messages, perSecond);
  }

  /** How far it is, all of its workers together; counts from the stream's first entry. */
  default Progress progress(Lab lab, String stream) {
    return lab.redis().progress(stream, Lab.GROUP);
  }

  /** Removes what {@link #fill} and its workers have left in Redis. */
  default void clear(Lab lab, String stream) {
    lab.redis().delete(stream);
  }
}
