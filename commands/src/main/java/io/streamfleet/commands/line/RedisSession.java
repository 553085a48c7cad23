package io.streamfleet.commands.line;

import io.lettuce.core.RedisException;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import picocli.CommandLine.ParameterException;

/** The connection of a command to Redis. */
public record RedisSession(RedisConnector connector, Link link) implements AutoCloseable {

  /** The name in the output of CLIENT LIST. */
  private static final String CLIENT_NAME = "streamfleet-cli";

  /**
   * Connects to the manifest's Redis.
   *
   * @throws RedisException if Redis can't be reached, which {@link FailureReport} reports
   * @throws ParameterException if the address or the credentials can't be read
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

  /** Closes the connector, and with it the link. */
  @Override
  public void close() {
    connector.close();
  }
}
