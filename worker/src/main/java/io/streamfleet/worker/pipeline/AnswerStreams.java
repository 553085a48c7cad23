package io.streamfleet.worker.pipeline;

import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.api.UnservedPlatforms;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The stream to which an answer for a platform is appended. Names of platforms come from outside,
 * often from the message itself, and need not be in the manifest. With a name such as {@code
 * inbound} or {@code dlq} the stream may be one that this fleet reads, and then answers would be
 * handled and answered for ever. Such answers are refused. Answers for platforms that the manifest
 * does not list are refused if it says so.
 */
final class AnswerStreams implements UnaryOperator<String> {

  private final UnaryOperator<String> streamOf;

  /** The platforms of the manifest, if others are refused. */
  private final Optional<Set<String>> served;

  /** Streams to which answers of this pipeline are refused, with a description. */
  private final Map<String, String> closed = new HashMap<>();

  /**
   * @param own the streams that the pipeline reads
   */
  AnswerStreams(StreamConsumerGroupSpec spec, List<StreamConsumer> own) {
    OutboundSpec outbound = spec.outbound();
    streamOf = outbound == null ? OutboundSpec::defaultStreamOf : outbound::streamOf;
    served =
        outbound != null && outbound.unservedPlatforms() == UnservedPlatforms.Refuse
            ? Optional.of(Set.copyOf(outbound.platforms()))
            : Optional.empty();
    own.forEach(stream -> closed.put(stream.stream(), "where the message itself came from"));
    InboundSpec inbound = spec.inbound();
    if (inbound != null) {
      inbound.streams().forEach(stream -> closed.put(stream, "an inbound stream"));
      inbound.readStreams().forEach(stream -> closed.putIfAbsent(stream, "an inbound stream"));
    }
    closed.put(spec.deadLetter().stream(), "the stream of the dead letters");
  }

  /**
   * The stream to which an answer for a platform is appended.
   *
   * @throws IllegalArgumentException if answers for this platform are refused
   */
  @Override
  public String apply(String platform) {
    if (served.isPresent() && !served.get().contains(platform)) {
      throw new IllegalArgumentException(
          "the platform %s is not served: it is not in spec.outbound.platforms, and spec.outbound.unservedPlatforms refuses others"
              .formatted(platform));
    }
    String stream = streamOf.apply(platform);
    String what = closed.get(stream);
    if (what != null) {
      throw new IllegalArgumentException(
          "an answer for the platform %s goes to %s, %s, and would be answered again for ever: answer for another platform, or change spec.outbound.streamTemplate"
              .formatted(platform, stream, what));
    }
    return stream;
  }
}
