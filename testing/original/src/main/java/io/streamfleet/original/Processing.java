package io.streamfleet.original;

/** What the original calls its payload and its {@code process_fn}. Safe for many threads. */
public interface Processing {

  /** What it reads of a payload. */
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
   * @param attempt how often this process has had it in flight
   * @throws Exception if it fails
   */
  void process(String id, Header header, int attempt, byte[] data) throws Exception;
}
