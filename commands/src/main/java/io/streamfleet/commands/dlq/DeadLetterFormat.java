package io.streamfleet.commands.dlq;

import io.streamfleet.commands.deadletter.DeadLetter;
import java.util.List;

/** An output format for lists of dead letters. */
interface DeadLetterFormat {

  /** Prints the next letters of the list. */
  void write(List<DeadLetter> letters);
}
