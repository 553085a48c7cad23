package io.streamfleet.worker.cli;

import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.Protocol;
import io.streamfleet.api.RedisSpec;
import io.streamfleet.api.SecretRef;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.api.TlsSpec;
import io.streamfleet.redis.RedisSettings;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the manifest is, and what it does not say about Redis.
 *
 * @param redisUrl instead of the manifest's
 * @param secrets a folder with one folder for each Secret, its keys as files
 */
record ManifestSource(Path file, @Nullable String redisUrl, Path secrets) {

  /** Where the operator mounts them. */
  static final String SECRETS = "/etc/streamfleet/secrets";

  /**
   * Reads the manifest.
   *
   * @throws BadUsage when the file cannot be read
   * @throws InvalidManifest with what is wrong with what is in it
   */
  StreamConsumerGroupSpec spec() {
    try {
      return Manifest.read(file).spec();
    } catch (NoSuchFileException e) {
      throw new BadUsage("there is no file " + file);
    } catch (IOException e) {
      throw new BadUsage("cannot read " + file + ": " + e.getMessage());
    }
  }

  /** How to reach the manifest's Redis. */
  RedisSettings redis(StreamConsumerGroupSpec spec, String clientName) {
    RedisSpec redis = spec.redis();
    TlsSpec tls = redis.tls();
    String url = redisUrl;
    return new RedisSettings(
        url == null ? redis.url() : url,
        redis.cluster(),
        redis.protocol() == Protocol.Resp2,
        redis.commandTimeout(),
        folder(redis.credentialsSecret()),
        folder(redis.sentinelCredentialsSecret()),
        tls == null ? Optional.empty() : folder(tls.caSecret()).map(dir -> dir.resolve("ca.crt")),
        tls == null ? Optional.empty() : folder(tls.clientSecret()),
        tls == null || tls.verifyHostname(),
        clientName);
  }

  private Optional<Path> folder(@Nullable SecretRef secret) {
    return Optional.ofNullable(secret).map(ref -> secrets.resolve(ref.name()));
  }
}
