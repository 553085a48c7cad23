package io.streamfleet.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.streamfleet.api.cel.Rule;
import io.streamfleet.api.cel.RuleFailure;
import io.streamfleet.api.schema.Defaults;
import io.streamfleet.api.schema.Schema;
import io.streamfleet.api.yaml.YamlText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every rule of the committed CRD means to this module what it means to Google's CEL. */
class CelAgreementTest {

  /** CEL knows whole numbers of 64 bits only. */
  private final ObjectMapper celNumbers =
      new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

  private final CelCompiler compiler =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addVar("self", SimpleType.DYN)
          .build();
  private final CelRuntime runtime = CelRuntimeFactory.standardCelRuntimeBuilder().build();

  @Test
  void everyRuleGivesTheSameVerdictOnTheWholeCorpusAndSaysBothYesAndNo() throws Exception {
    JsonNode written = committedSpecSchema();
    Schema schema = Schema.ofSpec();
    Set<String> rules = new HashSet<>();
    eachRule(written, rule -> rules.add(rule));
    Set<String> held = new HashSet<>();
    Set<String> refused = new HashSet<>();
    for (Corpus.Case given : Corpus.cases()) {
      JsonNode spec = Defaults.applied(schema, given.spec());
      eachValue(
          written,
          spec,
          (rule, value) -> {
            Verdict ours = ours(rule, value);
            assertThat(ours)
                .as("%s of %s in case %s", rule, value, given)
                .isEqualTo(cel(rule, value));
            if (ours == Verdict.HOLDS) {
              held.add(rule);
            } else if (ours == Verdict.REFUSES) {
              refused.add(rule);
            }
          });
    }
    assertThat(held).as("rules that held for something").isEqualTo(rules);
    assertThat(refused).as("rules that refused something").isEqualTo(rules);
  }

  private enum Verdict {
    HOLDS,
    REFUSES,
    FAILS
  }

  private static Verdict ours(String rule, JsonNode value) {
    try {
      return Rule.parse(rule).holds(value) ? Verdict.HOLDS : Verdict.REFUSES;
    } catch (RuleFailure e) {
      return Verdict.FAILS;
    }
  }

  private Verdict cel(String rule, JsonNode value) {
    try {
      Object self = celNumbers.readValue(value.toString(), Object.class);
      Object result =
          runtime.createProgram(compiler.compile(rule).getAst()).eval(Map.of("self", self));
      return Boolean.TRUE.equals(result) ? Verdict.HOLDS : Verdict.REFUSES;
    } catch (CelEvaluationException e) {
      return Verdict.FAILS;
    } catch (CelValidationException | JsonProcessingException e) {
      throw new AssertionError("not CEL: " + rule, e);
    }
  }

  private static JsonNode committedSpecSchema() throws Exception {
    return YamlText.documents(Files.readString(Path.of("streamconsumergroups.streamfleet.io.yaml")))
        .getFirst()
        .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
  }

  private static void eachRule(JsonNode schema, Consumer<String> rules) {
    schema.findValues("x-kubernetes-validations").stream()
        .flatMap(JsonNode::valueStream)
        .forEach(rule -> rules.accept(rule.get("rule").asText()));
    schema
        .path("x-kubernetes-validations")
        .forEach(rule -> rules.accept(rule.get("rule").asText()));
    schema.path("properties").forEach(property -> eachRule(property, rules));
  }

  private static void eachValue(
      JsonNode schema, JsonNode value, BiConsumer<String, JsonNode> rules) {
    schema
        .path("x-kubernetes-validations")
        .forEach(rule -> rules.accept(rule.get("rule").asText(), value));
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              if (value.has(property.getKey())) {
                eachValue(property.getValue(), value.get(property.getKey()), rules);
              }
            });
    if (schema.has("items")) {
      value.forEach(element -> eachValue(schema.get("items"), element, rules));
    }
  }
}
