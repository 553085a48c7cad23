package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.read.Credits;

/**
 * How many entries a pipeline knows by their id only, since they wait: each costs memory as well,
 * so nothing new is read beyond a bound. Belongs to the pipeline's loop, but for {@link #count()}.
 */
record KnownById(ByStream<StreamEntries> streams, Credits credits) {

  /** At least so many for one in flight, however little room for payloads there is. */
  private static final int FOR_ONE_IN_FLIGHT = 10;

  /** So many channels have to be slow at once before nothing new is read. */
  private static final int CHANNELS = 10;

  /** An id costs some 200 bytes, so this is two fifths of what payloads may take. */
  private static final int ROOM_BYTES_FOR_ONE = 512;

  int count() {
    int count = 0;
    for (StreamEntries entries : streams) {
      count += entries.pending().parkedCount();
    }
    return count;
  }

  int most() {
    long byMemory = credits.room().room().most() / credits.room().room().pipelines();
    return Math.clamp(
        byMemory / ROOM_BYTES_FOR_ONE, FOR_ONE_IN_FLIGHT * credits.most(), Integer.MAX_VALUE);
  }

  /** The most of one channel that keeps its order: no channel uses it all up. */
  int mostOfChannel() {
    return Math.max(1, most() / CHANNELS);
  }

  boolean isFull() {
    return count() > most();
  }
}
