package io.streamfleet.api.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class YamlEditTest {

  private static final List<String> PATH = List.of("a", "b");

  private static Optional<String> with(String text) throws YamlSyntaxError {
    return YamlEdit.with(text, PATH, BooleanNode.TRUE);
  }

  private static Optional<String> withList(String text) throws YamlSyntaxError {
    JsonNode list = JsonNodeFactory.instance.arrayNode().add("x").add("y");
    return YamlEdit.with(text, PATH, list);
  }

  @Test
  void replacesAValueAndLeavesTheRest() throws YamlSyntaxError {
    assertThat(with("# top\na:   # of a\n  b: false  # of b\n\n  c: 'q'\n"))
        .hasValue("# top\na:   # of a\n  b: true  # of b\n\n  c: 'q'\n");
    assertThat(with("a: {c: [1, 2], b: no, d: 3}")).hasValue("a: {c: [1, 2], b: true, d: 3}");
    assertThat(with("---\na: {\"b\": 'off'}\n...\n")).hasValue("---\na: {\"b\": true}\n...\n");
  }

  @Test
  void addsAFieldThatIsNotThere() throws YamlSyntaxError {
    assertThat(with("a: # of a\n    # of c\n    c: 1\nz: 2\n"))
        .hasValue("a: # of a\n    b: true\n    # of c\n    c: 1\nz: 2\n");
    assertThat(with("a: {c: 1}\n")).hasValue("a: {b: true, c: 1}\n");
    assertThat(with("a:\r\n  c: 1\r\n").orElseThrow()).contains("  b: true\n  c: 1\r\n");
  }

  @Test
  void replacesAListInEveryStyle() throws YamlSyntaxError {
    assertThat(withList("a:\n  b:\n  - p\n  - q # last\n  # of c\n  c: 1\n"))
        .hasValue("a:\n  b: [\"x\",\"y\"] # last\n  # of c\n  c: 1\n");
    assertThat(withList("a:\n  b: [p, q]\n")).hasValue("a:\n  b: [\"x\",\"y\"]\n");
    assertThat(withList("a: {b: [], c: 1}")).hasValue("a: {b: [\"x\",\"y\"], c: 1}");
  }

  @Test
  void countsCharactersOfAllPlanes() throws YamlSyntaxError {
    assertThat(with("n: '😀é'\na: {b: false}")).hasValue("n: '😀é'\na: {b: true}");
  }

  @Test
  void leavesToAPersonWhatHasMoreThanOnePlace() throws YamlSyntaxError {
    assertThat(with("z: &z {b: false, c: 1}\na: *z\n")).isEmpty();
    assertThat(with("z: &z false\na: {b: *z}\n")).isEmpty();
    assertThat(with("a: {b: &x false}\nc: *x\n")).isEmpty();
    assertThat(with("z: {c: 1}\n")).isEmpty();
    assertThat(with("a: {b: 1}\n---\na: {b: 2}\n")).isEmpty();
  }

  @Test
  void addsToWhatIsMergedFromAnAnchor() throws YamlSyntaxError {
    assertThat(with("z: &z {b: false}\na:\n  <<: *z\n  c: 1\n"))
        .hasValue("z: &z {b: false}\na:\n  b: true\n  <<: *z\n  c: 1\n");
  }
}
