package io.streamfleet.redis;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * How to connect to Redis.
 *
 * @param url {@code redis://}, {@code rediss://}, {@code redis-sentinel://} or {@code
 *     rediss-sentinel://}
 * @param cluster whether the URL names a node of a Redis Cluster
 * @param resp2 whether to use the older protocol
 * @param commandTimeout for each command; a blocking read may take its block time in addition
 * @param credentials called at each connect and reconnect, on a client thread: it may read a file,
 *     but must not wait for anything else. An exception fails that connect.
 * @param verifyHostname whether the server's certificate must name the host
 * @param clientName shown in CLIENT LIST
 */
public record RedisSettings(
    String url,
    boolean cluster,
    boolean resp2,
    Duration commandTimeout,
    Supplier<Credentials> credentials,
    boolean verifyHostname,
    String clientName) {

  /** Settings for a server without authentication and TLS. */
  public static RedisSettings plain(String url) {
    return new RedisSettings(
        url, false, false, Duration.ofSeconds(10), () -> Credentials.NONE, true, "streamfleet");
  }
}
