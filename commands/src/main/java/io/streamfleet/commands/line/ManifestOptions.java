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

/** What every command needs to know: the manifest, and where Redis is. */
public final class ManifestOptions {

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
      defaultValue = ManifestSource.SECRETS,
      description =
          "A folder with one folder for each Secret that the manifest names, its keys as files"
              + " (default: ${DEFAULT-VALUE}).")
  private Path secrets = Path.of("");

  public ManifestSource source() {
    return new ManifestSource(file, redisUrl, secrets);
  }

  /** The same options, for another command. */
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
   * @throws ParameterException when the file cannot be read; {@link InvalidManifest} says what is
   *     wrong with what is in it
   */
  public StreamConsumerGroupSpec spec() {
    try {
      return source().spec();
    } catch (BadUsage e) {
      throw bad(e);
    }
  }

  /**
   * How to reach the manifest's Redis.
   *
   * @throws ParameterException when its address cannot be read
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
