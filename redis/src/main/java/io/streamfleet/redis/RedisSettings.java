package io.streamfleet.redis;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Where Redis is and how to get in.
 *
 * @param url {@code redis://}, {@code rediss://}, {@code redis-sentinel://} or {@code
 *     rediss-sentinel://}
 * @param cluster whether the url names a node of a Redis Cluster
 * @param resp2 whether to speak the older protocol
 * @param commandTimeout how long a command may take; a blocking read may take its block time more
 * @param credentials asked at each connect and reconnect, on a thread of the client: it may read a
 *     file, and must not wait for anything else. What it throws fails that connect.
 * @param verifyHostname whether the server's certificate must name the host
 * @param clientName what CLIENT LIST shows
 */
public record RedisSettings(
    String url,
    boolean cluster,
    boolean resp2,
    Duration commandTimeout,
    Supplier<Credentials> credentials,
    boolean verifyHostname,
    String clientName) {

  /** Settings for a server that asks for nothing. */
  public static RedisSettings plain(String url) {
    return new RedisSettings(
        url, false, false, Duration.ofSeconds(10), () -> Credentials.NONE, true, "streamfleet");
  }
}
