package io.streamfleet.commands.dlq;

import io.streamfleet.commands.deadletter.DeadLetter;
import io.streamfleet.commands.deadletter.DeadLetterFilter;
import io.streamfleet.commands.deadletter.DeclaredStreams;
import io.streamfleet.commands.line.Table;
import io.streamfleet.commands.line.Text;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Prints dead letters as a table with aligned columns. */
final class DeadLetterTable implements DeadLetterFormat {

  private static final List<String> HEAD =
      List.of("ID", "AGE", "STREAM", "ORIGINAL ID", "REASON", "ATTEMPT", "CHANNEL", "ERROR");

  /**
   * The longest error on a terminal, in characters: errors may have 500. {@code dlq show} prints
   * them completely, and so does a list whose output is not a terminal.
   */
  private static final int LONGEST_ERROR = 60;

  private final Table table;
  private final DeclaredStreams streams;
  private final Instant now;
  private final int longestError;

  /**
   * @param now the current time by the clock of Redis
   * @param terminal whether the output is a terminal, on which errors are shortened
   */
  DeadLetterTable(PrintWriter out, DeclaredStreams streams, Instant now, boolean terminal) {
    this.longestError = terminal ? LONGEST_ERROR : Integer.MAX_VALUE;
    this.table = new Table(out, HEAD);
    this.streams = streams;
    this.now = now;
  }

  @Override
  public void write(List<DeadLetter> letters) {
    table.write(letters.stream().map(this::row).toList());
  }

  private List<String> row(DeadLetter letter) {
    return List.of(
        letter.id().toString(),
        Text.age(Duration.between(letter.id().time(), now)),
        text(letter, DeadLetter.ORIGINAL_STREAM),
        text(letter, DeadLetter.ORIGINAL_ID),
        Text.printable(letter.text(DeadLetter.REASON).orElse(DeadLetterFilter.NO_REASON)),
        text(letter, DeadLetter.ATTEMPT),
        streams.channelOf(letter).map(Text::printable).orElse(Text.NOTHING),
        Text.shortened(text(letter, DeadLetter.ERROR), longestError));
  }

  private static String text(DeadLetter letter, String field) {
    return letter.text(field).map(Text::printable).orElse(Text.NOTHING);
  }
}
