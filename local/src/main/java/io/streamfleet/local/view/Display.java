package io.streamfleet.local.view;

/** Shows a fleet, again and again. Used by one thread. */
public interface Display extends AutoCloseable {

  void show(Snapshot snapshot);

  /** Leaves the place as it was found; what is printed afterwards comes below. */
  @Override
  void close();
}
