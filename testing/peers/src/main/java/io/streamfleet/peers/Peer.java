package io.streamfleet.peers;

import java.util.List;

/** A way to go through the entries of a stream, and how it is set up here. */
public interface Peer {

  /** By which the command line knows it. */
  String id();

  /** As it stands in the tables. */
  String name();

  /** Of the libraries that matter. */
  String version();

  /** Its settings as far as they matter to its speed, in one line. */
  String configuration();

  /** What Streamfleet promises and this does not, each in a few words. */
  List<String> doesNotGuarantee();

  /** How many connections of it block where there is nothing to read. */
  default int readers() {
    return 1;
  }

  /** Begins to consume, on threads of its own. */
  Consumption start(Assignment assignment, EntryHandler handler);

  /** What was begun. */
  interface Consumption extends AutoCloseable {

    /** Stops reading, lets the handlers end that run, and gives the connections back. */
    @Override
    void close();
  }
}
