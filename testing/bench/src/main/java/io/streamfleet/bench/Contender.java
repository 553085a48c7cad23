package io.streamfleet.bench;

import io.streamfleet.bench.Observer.Progress;
import java.io.IOException;
import java.util.List;

/**
 * A program under measurement that consumes the entries of a stream, each of its workers in a
 * process of its own. The defaults are those of programs that read Redis Streams; one that keeps
 * its entries elsewhere overrides them.
 */
interface Contender {

  /** The name in the tables. */
  String name();

  /** The version of the program or of the library that it uses. */
  String version();

  /** The settings that affect its speed, in one line for the results. */
  String configuration();

  /** The guarantees of Streamfleet that this contender lacks, each in a few words. */
  List<String> doesNotGuarantee();

  /** Whether it supports this work. */
  default boolean takes(Work work) {
    return true;
  }

  /** Whether its entries are those of a stream, pending in a consumer group until acknowledged. */
  default boolean readsStreams() {
    return true;
  }

  /** The maximum number of entries worth filling for a lap: more would be left over. */
  default long maxEntries() {
    return Long.MAX_VALUE;
  }

  /**
   * The number of a worker's connections that block when there is nothing to read. With at least
   * one, workers are started before the entries become readable, so that all workers of a fleet
   * begin at the same time; with none, afterwards.
   */
  default int readers() {
    return 1;
  }

  /**
   * Starts one of its workers, which shuts down cleanly on SIGTERM.
   *
   * @param consumer its name in the group, unique among workers running concurrently
   */
  Child start(Lab lab, Work work, String consumer) throws IOException;

  /**
   * Makes exactly this many entries wait unread. Nearly free when the stream already holds at least
   * as many of these messages: then the last ones wait.
   */
  default void fill(Lab lab, String stream, Messages messages, long count)
      throws IOException, InterruptedException {
    lab.redis().provide(stream, messages, count);
    lab.redis().rewind(stream, Lab.GROUP, count);
  }

  /** A publisher that adds entries at a fixed rate where this contender reads. */
  default Publisher publisher(Lab lab, String stream, Messages messages, double perSecond) {
    return new OpenLoop(lab.redis().connection(), stream, messages, perSecond);
  }

  /** The streams in which its entries are. */
  default List<String> streams(String stream) {
    return List.of(stream);
  }

  /** The progress of all its workers together, counted from the stream's first entry. */
  default Progress progress(Lab lab, String stream) {
    return lab.redis().progress(stream, Lab.GROUP);
  }

  /** Removes what {@link #fill} and its workers left in Redis. */
  default void clear(Lab lab, String stream) {
    lab.redis().delete(stream);
  }
}
