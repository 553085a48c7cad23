package io.streamfleet.commands.why;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Progress;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.ServerTime;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import java.util.List;
import java.util.regex.Pattern;

/** Explains where an entry or a channel is, in each stream that has it. */
public final class Explanation {

  private static final Pattern ID = Pattern.compile("[0-9]{1,20}-[0-9]{1,20}");

  private Explanation() {}

  /** Whether a text has the form of an entry's id. */
  public static boolean isEntryId(String text) {
    return ID.matcher(text).matches();
  }

  /** One answer for each stream that has the entry, or had it. */
  public static List<Answer> ofEntry(
      Link link, StreamConsumerGroupSpec spec, List<ReadStream> streams, EntryId id) {
    Diagnosis diagnosis = new Diagnosis(link, spec, ServerTime.of(link));
    return streams.stream().flatMap(read -> diagnosis.of(read, id).stream()).toList();
  }

  /** One answer for each stream in which something of the channel waits, about its oldest entry. */
  public static List<Answer> ofChannel(
      Link link,
      StreamConsumerGroupSpec spec,
      List<ReadStream> streams,
      String channel,
      Progress progress) {
    Diagnosis diagnosis = new Diagnosis(link, spec, ServerTime.of(link));
    return streams.stream()
        .filter(read -> read.mayHave(channel))
        .flatMap(
            read ->
                new ChannelSearch(link, read, progress)
                    .oldest(channel).flatMap(found -> found.answer(diagnosis)).stream())
        .toList();
  }
}
