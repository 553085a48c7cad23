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
 * Which stream an answer for a platform goes to. Platforms of answers come from outside, often from
 * the message itself, and the manifest need not know them: one called {@code inbound} or {@code
 * dlq} may well lead into a stream that this very fleet reads. Such an answer would be handled as a
 * message, and answered, for ever; it is refused instead. So is one for a platform that the
 * manifest does not serve, where it says so.
 */
final class AnswerStreams implements UnaryOperator<String> {

  private final UnaryOperator<String> streamOf;

  /** Those that take answers, where others are refused. */
  private final Optional<Set<String>> served;

  /** Streams that take no answers of this pipeline, and what they are. */
  private final Map<String, String> closed = new HashMap<>();

  /**
   * @param own what the pipeline reads, whose entries the answers are for
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
    }
    closed.put(spec.deadLetter().stream(), "the stream of the dead letters");
  }

  /**
   * The stream that an answer for a platform is appended to.
   *
   * @throws IllegalArgumentException when an answer for this platform would come back, or is not
   *     wanted
   */
  @Override
  public String apply(String platform) {
    if (served.isPresent() && !served.get().contains(platform)) {
      throw new IllegalArgumentException(
          "nobody serves the platform %s here: it is none of spec.outbound.platforms, and spec.outbound.unservedPlatforms refuses others"
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
