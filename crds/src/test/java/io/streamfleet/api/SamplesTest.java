package io.streamfleet.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplesTest {

  static List<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("samples"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everySampleIsValidAndSurvivesBeingWritten(Path sample) throws IOException {
    Manifest manifest = Manifest.read(sample);
    assertThat(Manifest.read(manifest.toYaml())).isEqualTo(manifest);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everySampleWithoutItsDefaultsIsShorterAndMeansTheSame(Path sample) throws IOException {
    StreamConsumerGroupSpec spec = Manifest.read(sample).spec();
    ObjectNode least = Manifest.withoutDefaults(spec);
    assertThat(Manifest.defaulted(least)).isEqualTo(spec);
    assertThat(least.toString())
        .doesNotContain("commandTimeout", "\"trace\"", "control", "deletionPolicy")
        .hasSizeLessThan(new ObjectMapper().valueToTree(spec).toString().length());
  }

  @Test
  void theQuickstartReadsBothDirectionsFromThisMachine() throws IOException {
    StreamConsumerGroupSpec spec = Manifest.read(Path.of("samples/quickstart.yaml")).spec();
    assertThat(spec.redis().url()).isEqualTo("redis://127.0.0.1:6379");
    OutboundSpec outbound = requireNonNull(spec.outbound());
    assertThat(outbound.platforms().stream().map(outbound::streamOf))
        .containsExactly("sg:stream:outbound:discord", "sg:stream:outbound:matrix");
  }
}
