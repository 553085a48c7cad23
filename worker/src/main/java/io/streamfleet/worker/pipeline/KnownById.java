package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.read.Credits;

/**
 * The number of parked entries of a pipeline and its limit: each id costs memory, so beyond the
 * limit nothing new is read. Belongs to the pipeline's loop, except for {@link #count()}.
 */
record KnownById(ByStream<StreamEntries> streams, Credits credits) {

  /** At least so many for each entry that may be in flight, however small the room is. */
  private static final int FOR_ONE_IN_FLIGHT = 10;

  /** So many channels must be slow at once before nothing new is read. */
  private static final int CHANNELS = 10;

  /**
   * One parked entry for so many bytes of the room: an id takes about 200 bytes, so ids take two
   * fifths of the memory of payloads.
   */
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

  /** The limit of one lane, so that no channel uses up the limit of the pipeline. */
  int mostOfChannel() {
    return Math.max(1, most() / CHANNELS);
  }

  boolean isFull() {
    return count() > most();
  }
}
