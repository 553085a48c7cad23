package io.streamfleet.commands.line;

import io.lettuce.core.RedisException;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import picocli.CommandLine.ParameterException;

/** The connection of a command that a person waits for. */
public record RedisSession(RedisConnector connector, Link link) implements AutoCloseable {

  /** What CLIENT LIST shows. */
  private static final String CLIENT_NAME = "streamfleet-cli";

  /**
   * Connects to the manifest's Redis.
   *
   * @throws RedisException when it cannot be reached; {@link FailureReport} tells the person
   * @throws ParameterException when its address cannot be read
   */
  public static RedisSession open(ManifestOptions manifest, StreamConsumerGroupSpec spec) {
    RedisConnector connector =
        RedisConnector.to(manifest.redis(spec, CLIENT_NAME), spec.read().block());
    try {
      return new RedisSession(connector, connector.connect());
    } catch (RuntimeException e) {
      connector.close();
      throw e;
    }
  }

  /** The link goes with its connector. */
  @Override
  public void close() {
    connector.close();
  }
}
