package io.streamfleet.commands.why;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.deadletter.DeadLetter;
import io.streamfleet.commands.stream.EntryPages;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.StreamEntry;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import java.util.List;
import java.util.Optional;

/** Finds the dead letter of an entry. */
final class DeadLetterOf {

  /** The most letters to read, five times the default of {@code deadLetter.maxLength}: seconds. */
  private static final int MOST = 25_000;

  private DeadLetterOf() {}

  /**
   * The oldest dead letter of the entry. A letter is written after the entry was published, so the
   * search starts at that time.
   */
  static Optional<StreamEntry> entry(
      Link link, StreamConsumerGroupSpec spec, ReadStream stream, EntryId id) {
    EntryPages letters = new EntryPages(link, spec.deadLetter().stream());
    EntryId first = new EntryId(id.millis(), 0);
    int looked = 0;
    while (looked < MOST) {
      List<StreamEntry> page = letters.read(first, EntryPages.LAST);
      if (page.isEmpty()) {
        return Optional.empty();
      }
      for (StreamEntry letter : page) {
        if (is(letter, DeadLetter.ORIGINAL_ID, id.toString())
            && is(letter, DeadLetter.ORIGINAL_STREAM, stream.stream())) {
          return Optional.of(letter);
        }
      }
      looked += page.size();
      first = EntryPages.after(page.getLast().id());
    }
    return Optional.empty();
  }

  private static boolean is(StreamEntry letter, String field, String value) {
    return letter.text(field).filter(value::equals).isPresent();
  }
}
