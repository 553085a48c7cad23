package io.streamfleet.peers;

import java.util.List;

/** A way to consume the entries of a stream, and its configuration here. */
public interface Peer {

  /** The name on the command line. */
  String id();

  /** The name in the tables. */
  String name();

  /** The versions of the relevant libraries. */
  String version();

  /** The settings that affect its speed, in one line. */
  String configuration();

  /** The guarantees of Streamfleet that this peer lacks, each in a few words. */
  List<String> doesNotGuarantee();

  /** The number of its connections that block when there is nothing to read. */
  default int readers() {
    return 1;
  }

  /** Starts to consume, on its own threads. */
  Consumption start(Assignment assignment, EntryHandler handler);

  /** A running consumer. */
  interface Consumption extends AutoCloseable {

    /** Stops reading, lets running handlers finish, and closes the connections. */
    @Override
    void close();
  }
}
