package io.streamfleet.commands.dlq;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.deadletter.DeadLetterStream;
import io.streamfleet.commands.deadletter.DeclaredStreams;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.RedisSession;

/** What a command about dead letters works with while it runs. */
record DeadLetterSession(RedisSession redis, DeclaredStreams streams, DeadLetterStream letters)
    implements AutoCloseable {

  static DeadLetterSession open(ManifestOptions manifest) {
    StreamConsumerGroupSpec spec = manifest.spec();
    DeclaredStreams streams = new DeclaredStreams(spec);
    RedisSession redis = RedisSession.open(manifest, spec);
    return new DeadLetterSession(
        redis, streams, new DeadLetterStream(redis.link(), spec.deadLetter().stream()));
  }

  @Override
  public void close() {
    redis.close();
  }
}
