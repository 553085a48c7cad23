package io.streamfleet.worker.cli;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.worker.deadletter.DeadLetterStream;
import io.streamfleet.worker.deadletter.DeclaredStreams;

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
