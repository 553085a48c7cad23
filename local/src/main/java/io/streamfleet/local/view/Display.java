package io.streamfleet.local.view;

/** Displays a fleet repeatedly. For one thread. */
public interface Display extends AutoCloseable {

  void show(Snapshot snapshot);

  /** Restores the terminal; later output comes below. */
  @Override
  void close();
}
