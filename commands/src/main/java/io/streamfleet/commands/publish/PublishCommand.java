package io.streamfleet.commands.publish;

import io.lettuce.core.RedisException;
import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.Progress;
import io.streamfleet.commands.line.RedisSession;
import io.streamfleet.commands.line.StopSignal;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.publish.Publisher.Pace;
import io.streamfleet.commands.publish.Publisher.Published;
import io.streamfleet.commands.publish.Publisher.Target;
import io.streamfleet.commands.publish.SampleMessages.Shape;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code publish}. */
@Command(
    name = "publish",
    description = {
      "Publish realistic messages in the wire format, for a worker to consume.",
      "",
      "They are appended to the manifest's first inbound stream, each to the partition of its"
          + " channel if that has partitions, or with --platform to that platform's outbound"
          + " stream."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done, or stopped by Ctrl-C", "1:Redis failed", "2:bad usage"})
public final class PublishCommand implements Callable<Integer> {

  /** The largest payload in bytes: a typo must not publish values of up to 512 MB. */
  private static final int LARGEST = 16 * 1024 * 1024;

  @Mixin private final ManifestOptions manifest = new ManifestOptions();

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "100",
      description = "The number of messages; 0 publishes until Ctrl-C (default: ${DEFAULT-VALUE}).")
  private long count;

  @Option(
      names = "--channels",
      paramLabel = "C",
      defaultValue = "10",
      description = "The number of channels (default: ${DEFAULT-VALUE}).")
  private int channels;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "0",
      description = "Messages per second; 0 is as fast as possible (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--platform",
      paramLabel = "P",
      description = "Publish outbound messages for this platform.")
  private @Nullable String platform;

  @Option(
      names = "--stream",
      paramLabel = "STREAM",
      description = "Publish inbound messages to this stream.")
  private @Nullable String stream;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "A number: the same seed gives the same channels, users and texts, but new trace ids.")
  private @Nullable Long seed;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      defaultValue = "0",
      description =
          "Fill payloads up to about so many bytes; 0 does not fill them (about 450 bytes).")
  private int size;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description =
          "Trim the stream to about so many entries; 0 does not trim it (default: 0 for inbound,"
              + " spec.outbound.maxLength for outbound).")
  private @Nullable Long maxLength;

  @Override
  public Integer call() {
    validate();
    StreamConsumerGroupSpec spec = manifest.spec();
    Target target = target(spec);
    SampleMessages messages =
        new SampleMessages(
            new Shape(platforms(spec), platform != null, channels, size),
            seed == null ? new SplittableRandom() : new SplittableRandom(seed),
            RandomGenerator.of("L64X128MixRandom"));
    Console console = Console.of(command);
    try (StopSignal stop = StopSignal.listen();
        RedisSession redis = RedisSession.open(manifest, spec)) {
      Progress progress = console.progress();
      Published published =
          new Publisher(redis.link(), target, Clock.systemUTC(), System::nanoTime)
              .publish(
                  messages,
                  new Pace(count, rate),
                  stop::isAsked,
                  taken -> progress.at(() -> soFar(taken)));
      console.out().println(summary(published, target));
      if (published.failure().isPresent()) {
        throw new RedisException(published.failure().get());
      }
      stop.endWith(0);
      return 0;
    }
  }

  private void validate() {
    if (count < 0) {
      throw manifest.bad("--count must not be negative");
    }
    if (channels < 1) {
      throw manifest.bad("--channels must be at least 1");
    }
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw manifest.bad("--rate must be a number of messages per second, or 0");
    }
    if (size < 0 || size > LARGEST) {
      throw manifest.bad("--size must be between 0 and " + LARGEST);
    }
    if (maxLength != null && maxLength < 0) {
      throw manifest.bad("--max-length must not be negative");
    }
    if (platform != null && stream != null) {
      throw manifest.bad("--platform and --stream contradict each other: leave one out");
    }
  }

  private Target target(StreamConsumerGroupSpec spec) {
    InboundSpec inbound = spec.inbound();
    OutboundSpec outbound = spec.outbound();
    Long given = maxLength;
    if (platform != null) {
      if (outbound == null || !outbound.platforms().contains(platform)) {
        throw manifest.bad(
            "the manifest has no outbound platform "
                + platform
                + (outbound == null ? "" : "; it has " + String.join(", ", outbound.platforms())));
      }
      return Target.plain(
          outbound.streamOf(platform), given == null ? outbound.maxLength() : given);
    }
    long most = given == null ? 0 : given;
    if (stream != null) {
      return Target.plain(stream, most);
    }
    if (inbound == null) {
      throw manifest.bad(
          "the manifest declares no inbound stream: pass --platform for an outbound one");
    }
    return Target.inbound(inbound, most);
  }

  private List<String> platforms(StreamConsumerGroupSpec spec) {
    if (platform != null) {
      return List.of(platform);
    }
    OutboundSpec outbound = spec.outbound();
    return outbound == null ? List.of("discord") : outbound.platforms();
  }

  private String soFar(long taken) {
    return "published "
        + Text.number(taken)
        + (count == 0 ? "" : " of " + Text.number(count))
        + " messages";
  }

  private static String summary(Published published, Target target) {
    double seconds = published.time().toNanos() / 1e9;
    return String.format(
        Locale.ROOT,
        "published %s %s to %s in %.1f s (%,.0f/s)",
        Text.number(published.count()),
        published.count() == 1 ? "message" : "messages",
        target.stream(),
        seconds,
        published.count() / Math.max(seconds, 1e-3));
  }
}
