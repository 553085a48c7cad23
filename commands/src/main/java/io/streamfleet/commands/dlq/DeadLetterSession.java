package io.streamfleet.commands.dlq;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.deadletter.DeadLetterStream;
import io.streamfleet.commands.deadletter.DeclaredStreams;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.Progress;
import io.streamfleet.commands.line.RedisSession;
import io.streamfleet.commands.line.Text;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/** The connection of a dead-letter command, with the stream of the letters. */
record DeadLetterSession(RedisSession redis, DeclaredStreams streams, DeadLetterStream letters)
    implements AutoCloseable {

  static DeadLetterSession open(ManifestOptions manifest) {
    StreamConsumerGroupSpec spec = manifest.spec();
    DeclaredStreams streams = new DeclaredStreams(spec);
    RedisSession redis = RedisSession.open(manifest, spec);
    return new DeadLetterSession(
        redis, streams, new DeadLetterStream(redis.link(), spec.deadLetter().stream()));
  }

  /**
   * Reports the progress of a walk: the number of letters read so far, and their number at the
   * start.
   *
   * @param done the result so far, such as {@code ", purged 3"}
   */
  LongPredicate telling(Progress progress, Supplier<String> done) {
    long total = letters.length();
    return looked -> {
      progress.at(
          () -> "looked at " + Text.number(looked) + " of " + Text.letters(total) + done.get());
      return true;
    };
  }

  @Override
  public void close() {
    redis.close();
  }
}
