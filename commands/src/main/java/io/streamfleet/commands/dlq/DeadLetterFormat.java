package io.streamfleet.commands.dlq;

import io.streamfleet.commands.deadletter.DeadLetter;
import java.util.List;

/** A form in which dead letters are printed. */
interface DeadLetterFormat {

  /** Prints the next ones. */
  void write(List<DeadLetter> letters);
}
