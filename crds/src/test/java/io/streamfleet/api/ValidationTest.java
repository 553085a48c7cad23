package io.streamfleet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamfleet.api.schema.Defaults;
import io.streamfleet.api.schema.Schema;
import io.streamfleet.api.yaml.YamlSyntaxError;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValidationTest {

  static List<Corpus.Case> corpus() throws IOException, YamlSyntaxError {
    return Corpus.cases();
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void everyViolationIsNamedWithItsPathAndWhatWouldBeRight(Corpus.Case given) {
    assertThat(Manifest.violations(given.spec()))
        .extracting(Violation::toString)
        .containsExactlyInAnyOrderElementsOf(given.says());
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void whatIsValidIsRead(Corpus.Case given) {
    InvalidManifest refused =
        catchThrowableOfType(InvalidManifest.class, () -> Manifest.defaulted(given.spec()));
    assertThat(refused == null).isEqualTo(given.says().isEmpty());
  }

  static List<Corpus.Case> validOnes() throws IOException, YamlSyntaxError {
    return Corpus.cases().stream().filter(given -> given.says().isEmpty()).toList();
  }

  @ParameterizedTest
  @MethodSource("validOnes")
  void theBindingByHandGivesWhatJacksonGives(Corpus.Case given) throws JsonProcessingException {
    JsonNode defaulted = Defaults.applied(Schema.ofSpec(), given.spec());
    assertThat(Manifest.defaulted(given.spec()))
        .isEqualTo(new ObjectMapper().treeToValue(defaulted, StreamConsumerGroupSpec.class));
  }
}
