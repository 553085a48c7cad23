package io.streamfleet.original;

/** The original's payload format and {@code process_fn}. Thread-safe. */
public interface Processing {

  /** The fields that it reads of a payload. */
  record Header(String channel, boolean addressed) {}

  /**
   * Reads a payload.
   *
   * @throws Exception if it cannot be decoded
   */
  Header read(byte[] data) throws Exception;

  /**
   * Handles a message.
   *
   * @param attempt the number of deliveries to this process
   * @throws Exception if it fails
   */
  void process(String id, Header header, int attempt, byte[] data) throws Exception;
}
