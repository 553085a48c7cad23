package io.streamfleet.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where Redis is and how to get in.
 *
 * @param url {@code redis://}, {@code rediss://}, {@code redis-sentinel://} or {@code
 *     rediss-sentinel://}
 * @param cluster whether the url names a node of a Redis Cluster
 * @param resp2 whether to speak the older protocol
 * @param commandTimeout how long a command may take; a blocking read may take its block time more
 * @param credentials a folder with the files {@code username} (optional) and {@code password}
 * @param sentinelCredentials the same for the sentinels
 * @param certificateAuthority a PEM file to trust instead of the system's authorities
 * @param clientCertificate a folder with {@code tls.crt} and {@code tls.key} (PKCS #8)
 * @param verifyHostname whether the server's certificate must name the host
 * @param clientName what CLIENT LIST shows
 */
public record RedisSettings(
    String url,
    boolean cluster,
    boolean resp2,
    Duration commandTimeout,
    Optional<Path> credentials,
    Optional<Path> sentinelCredentials,
    Optional<Path> certificateAuthority,
    Optional<Path> clientCertificate,
    boolean verifyHostname,
    String clientName) {

  /** Settings for a server that asks for nothing. */
  public static RedisSettings plain(String url) {
    return new RedisSettings(
        url,
        false,
        false,
        Duration.ofSeconds(10),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        true,
        "streamfleet");
  }
}
