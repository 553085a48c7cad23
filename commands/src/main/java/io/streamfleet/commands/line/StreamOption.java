package io.streamfleet.commands.line;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.stream.ReadStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which of the manifest's streams a command is about. */
public final class StreamOption {

  @Option(
      names = "--stream",
      paramLabel = "STREAM",
      description = "Only this stream of the manifest; may be given several times.")
  private Set<String> streams = new LinkedHashSet<>();

  /**
   * Those that are meant.
   *
   * @throws picocli.CommandLine.ParameterException where one is not declared
   */
  public List<ReadStream> of(ManifestOptions manifest, StreamConsumerGroupSpec spec) {
    List<ReadStream> all = ReadStream.of(spec);
    for (String stream : streams) {
      if (all.stream().noneMatch(it -> it.stream().equals(stream))) {
        throw manifest.bad(
            "the manifest does not declare the stream "
                + stream
                + "; it has "
                + String.join(", ", all.stream().map(ReadStream::stream).distinct().toList()));
      }
    }
    return all.stream().filter(it -> streams.isEmpty() || streams.contains(it.stream())).toList();
  }
}
