package io.streamfleet.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is there covers what is wanted, or it does not. */
class CoverageTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static boolean covers(String actual, String wanted) throws Exception {
    return Coverage.covers(YAML.readTree(actual), YAML.readTree(wanted));
  }

  @Test
  void whatTheServerAddsIsNobodysBusiness() throws Exception {
    assertThat(covers("{a: 1, status: {x: 2}, b: {c: 3, d: 4}}", "{a: 1, b: {c: 3}}")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {a: 2}                | {a: 1}
          {}                    | {a: 1}
          {a: {b: 1}}           | {a: {b: 2}}
          {a: [1, 2]}           | {a: [2, 1]}
          {a: [1]}              | {a: [1, 2]}
          {a: [1, 2]}           | {a: [1]}
          {a: true}             | {a: false}
          {a: text}             | {a: {b: 1}}
          {a: 1}                | {a: [1]}
          """)
  void aDifferenceIsSeen(String actual, String wanted) throws Exception {
    assertThat(covers(actual, wanted)).isFalse();
  }

  @Test
  void containersAreToldApartByTheirNames() throws Exception {
    String wanted = "{containers: [{name: worker, image: a}, {name: handler, image: b}]}";

    assertThat(
            covers(
                "{containers: [{name: injected}, {name: handler, image: b, stdin: false}, {name:"
                    + " worker, image: a}]}",
                wanted))
        .isTrue();
    assertThat(covers("{containers: [{name: worker, image: a}]}", wanted)).isFalse();
    assertThat(
            covers("{containers: [{name: worker, image: a}, {name: handler, image: c}]}", wanted))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1, 1000m", "1Gi, 1024Mi", "0.5, 500m", "8080, 8080"})
  void aQuantityIsTheSameHoweverItIsWritten(String actual, String wanted) throws Exception {
    assertThat(covers("{cpu: \"" + actual + "\"}", "{cpu: \"" + wanted + "\"}")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1, 1001m", "1Gi, 1000Mi", "v1, v2"})
  void anotherQuantityIsAnother(String actual, String wanted) throws Exception {
    assertThat(covers("{cpu: \"" + actual + "\"}", "{cpu: \"" + wanted + "\"}")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = "{a: \"\"}\n{a: []}\n{a: {}}\n{a: null}")
  void whatIsEmptyIsCoveredByNothing(String wanted) throws Exception {
    assertThat(covers("{}", wanted)).isTrue();
  }
}
