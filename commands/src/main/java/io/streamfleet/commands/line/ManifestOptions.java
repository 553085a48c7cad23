package io.streamfleet.commands.line;

import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.worker.run.BadUsage;
import io.streamfleet.worker.run.ManifestSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command: the manifest, the address of Redis, and the Secrets. */
public final class ManifestOptions {

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "A YAML file with the StreamConsumerGroup, or only its spec.")
  private Path file = Path.of("");

  @Option(
      names = "--redis-url",
      paramLabel = "URL",
      description = "The URL of Redis, instead of spec.redis.url.")
  private @Nullable String redisUrl;

  @Option(
      names = "--secrets",
      paramLabel = "DIR",
      defaultValue = ManifestSource.SECRETS,
      description =
          "A folder with a folder for each Secret that the manifest names, with the Secret's keys as"
              + " files (default: ${DEFAULT-VALUE}).")
  private Path secrets = Path.of("");

  public ManifestSource source() {
    return new ManifestSource(file, redisUrl, secrets);
  }

  /** These options as arguments for the command line of another command. */
  public List<String> words() {
    List<String> words =
        new ArrayList<>(List.of("--file", file.toString(), "--secrets", secrets.toString()));
    String url = redisUrl;
    if (url != null) {
      words.addAll(List.of("--redis-url", url));
    }
    return words;
  }

  /**
   * Reads the manifest.
   *
   * @throws ParameterException if the file can't be read
   * @throws InvalidManifest if its content is invalid
   */
  public StreamConsumerGroupSpec spec() {
    try {
      return source().spec();
    } catch (BadUsage e) {
      throw bad(e);
    }
  }

  /**
   * The settings for a connection to the manifest's Redis.
   *
   * @throws ParameterException if the address or the credentials can't be read
   */
  public RedisSettings redis(StreamConsumerGroupSpec spec, String clientName) {
    try {
      return source().redis(spec, clientName);
    } catch (BadUsage e) {
      throw bad(e);
    }
  }

  public ParameterException bad(BadUsage usage) {
    return bad(String.valueOf(usage.getMessage()));
  }

  public ParameterException bad(String message) {
    CommandSpec mixee = command;
    if (mixee == null) {
      throw new IllegalStateException("used outside a command");
    }
    return new ParameterException(mixee.commandLine(), message);
  }
}
