package io.streamfleet.api.cel;

import com.fasterxml.jackson.databind.JsonNode;

/** One rule of a schema: an expression that is true of every valid value. */
public final class Rule {

  private final Expression expression;

  private Rule(Expression expression) {
    this.expression = expression;
  }

  /**
   * Reads the text of a rule.
   *
   * @throws IllegalArgumentException if the text is no rule, or uses what is not supported here
   */
  public static Rule parse(String text) {
    return new Rule(RuleParser.parse(text));
  }

  /**
   * Whether the rule holds for a value.
   *
   * @param self the value, as {@code self} is called in the rule
   * @throws RuleFailure if it cannot be told, such as for want of a field
   */
  public boolean holds(JsonNode self) {
    return new Evaluation(self).truth(expression);
  }
}
