package io.streamfleet.torture.evidence;

/**
 * A dead letter.
 *
 * @param reason empty if an original worker has written it
 */
public record DeadLetterRecord(
    EntryKey entry, String reason, int attempt, String consumer, String error) {

  public boolean isOriginal() {
    return reason.isEmpty();
  }
}
