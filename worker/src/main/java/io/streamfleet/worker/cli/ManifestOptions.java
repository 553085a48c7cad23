package io.streamfleet.worker.cli;

import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.Protocol;
import io.streamfleet.api.RedisSpec;
import io.streamfleet.api.SecretRef;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.api.TlsSpec;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.Secret;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command needs to know: the manifest, and where Redis is. */
final class ManifestOptions {

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The StreamConsumerGroup, or its bare spec, as YAML.")
  private Path file = Path.of("");

  @Option(
      names = "--redis-url",
      paramLabel = "URL",
      description = "Where Redis is, instead of spec.redis.url.")
  private @Nullable String redisUrl;

  @Option(
      names = "--secrets",
      paramLabel = "DIR",
      defaultValue = "/etc/streamfleet/secrets",
      description =
          "A folder with one folder for each Secret that the manifest names, its keys as files"
              + " (default: ${DEFAULT-VALUE}).")
  private Path secrets = Path.of("");

  /**
   * Reads the manifest.
   *
   * @throws ParameterException when the file cannot be read; {@link InvalidManifest} says what is
   *     wrong with what is in it
   */
  StreamConsumerGroupSpec spec() {
    try {
      return Manifest.read(file).spec();
    } catch (NoSuchFileException e) {
      throw bad("there is no file " + file);
    } catch (IOException e) {
      throw bad("cannot read " + file + ": " + e.getMessage());
    }
  }

  ParameterException bad(String message) {
    CommandSpec mixee = command;
    if (mixee == null) {
      throw new IllegalStateException("used outside a command");
    }
    return new ParameterException(mixee.commandLine(), message);
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
        () ->
            Credentials.of(
                secret(redis.credentialsSecret()),
                secret(redis.sentinelCredentialsSecret()),
                tls == null ? Optional.empty() : secret(tls.caSecret()),
                tls == null ? Optional.empty() : secret(tls.clientSecret())),
        tls == null || tls.verifyHostname(),
        clientName);
  }

  private Optional<Secret> secret(@Nullable SecretRef named) {
    return Optional.ofNullable(named).map(ref -> Secret.folder(secrets.resolve(ref.name())));
  }
}
