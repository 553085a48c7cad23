package io.streamfleet.commands.line;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.stream.ReadStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** The option {@code --stream}, which selects streams of the manifest. */
public final class StreamOption {

  @Option(
      names = "--stream",
      paramLabel = "STREAM",
      description = "Only this stream of the manifest; may be given several times.")
  private Set<String> streams = new LinkedHashSet<>();

  /**
   * Returns the selected streams; all streams of the manifest if the option is not given.
   *
   * @throws picocli.CommandLine.ParameterException if the manifest does not declare one of them
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
