package io.streamfleet.worker.run;

import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.Protocol;
import io.streamfleet.api.RedisSpec;
import io.streamfleet.api.SecretRef;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.api.TlsSpec;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.RedisUrl;
import io.streamfleet.redis.Secret;
import io.streamfleet.redis.UnreadableUrl;
import io.streamfleet.worker.settings.ManifestText;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The manifest's file, and where to find the Redis and the Secrets that it names.
 *
 * @param redisUrl replaces the URL in the manifest
 * @param secrets a folder with one folder for each Secret, with a file for each of its keys
 */
public record ManifestSource(Path file, @Nullable String redisUrl, Path secrets) {

  /** The folder in which the operator mounts Secrets. */
  public static final String SECRETS = "/etc/streamfleet/secrets";

  /**
   * Reads the manifest.
   *
   * @throws BadUsage if the file cannot be read
   * @throws InvalidManifest if its contents are invalid, with every problem
   */
  public StreamConsumerGroupSpec spec() {
    return read().manifest().spec();
  }

  /** Like {@link #spec}, with the text. */
  public ManifestText read() {
    try {
      return ManifestText.of(file);
    } catch (NoSuchFileException e) {
      throw new BadUsage("there is no file " + file);
    } catch (IOException e) {
      throw new BadUsage("cannot read " + file + ": " + e.getMessage());
    }
  }

  /**
   * How to connect to Redis.
   *
   * @throws BadUsage if the URL is invalid
   */
  public RedisSettings redis(StreamConsumerGroupSpec spec, String clientName) {
    RedisSpec redis = spec.redis();
    TlsSpec tls = redis.tls();
    return new RedisSettings(
        url(redis),
        redis.cluster(),
        redis.protocol() == Protocol.Resp2,
        redis.commandTimeout(),
        () ->
            Credentials.of(
                secret(redis.credentialsSecret()),
                secret(redis.sentinelCredentialsSecret()),
                tls == null ? Optional.empty() : secret(tls.caSecret()),
                tls == null ? Optional.empty() : secret(tls.clientSecret())),
        tls == null || tls.verifyHostname(),
        clientName);
  }

  private String url(RedisSpec redis) {
    String given = redisUrl;
    try {
      if (given == null) {
        RedisUrl.checkWithoutLogin(redis.url(), redis.cluster());
        return redis.url();
      }
      RedisUrl.check(given, redis.cluster());
      return given;
    } catch (UnreadableUrl e) {
      throw new BadUsage(
          (given == null ? "spec.redis.url" : "--redis-url") + ": " + e.getMessage());
    }
  }

  private Optional<Secret> secret(@Nullable SecretRef named) {
    return Optional.ofNullable(named).map(ref -> Secret.folder(secrets.resolve(ref.name())));
  }
}
