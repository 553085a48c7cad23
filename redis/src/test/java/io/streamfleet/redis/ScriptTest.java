package io.streamfleet.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScriptTest {

  @Test
  void aScriptIsItsText() {
    Script script = Script.beside(ScriptTest.class, "sum.lua");

    assertThat(script).isEqualTo(Script.beside(LinkTest.class, "sum.lua"));
    assertThat(script).hasSameHashCodeAs(Script.beside(LinkTest.class, "sum.lua"));
    assertThat(script).hasToString("sum.lua (2 lines)");
    assertThat(script.sha()).hasSize(40);
  }

  @Test
  void aScriptAfterAnotherIsBothAndKeepsItsName() {
    Script script = Script.beside(ScriptTest.class, "sum.lua");

    Script both = script.after(script);

    assertThat(both).hasToString("sum.lua (4 lines)").isNotEqualTo(script);
    assertThat(both.text()).startsWith(script.text()).endsWith(script.text());
  }

  @Test
  void aScriptThatIsMissingIsAMistakeInTheBuild() {
    assertThatThrownBy(() -> Script.beside(ScriptTest.class, "none.lua"))
        .hasMessage("none.lua is missing beside io.streamfleet.redis.ScriptTest");
  }
}
