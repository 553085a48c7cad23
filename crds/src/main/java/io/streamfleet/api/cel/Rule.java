package io.streamfleet.api.cel;

import com.fasterxml.jackson.databind.JsonNode;

/** A validation rule: an expression that is true for every valid value. */
public final class Rule {

  private final Expression expression;

  private Rule(Expression expression) {
    this.expression = expression;
  }

  /**
   * Parses a rule.
   *
   * @throws IllegalArgumentException if it is invalid, or uses something that is not supported here
   */
  public static Rule parse(String text) {
    return new Rule(RuleParser.parse(text));
  }

  /**
   * Whether the rule holds for a value.
   *
   * @param self the value, named {@code self} in the rule
   * @throws RuleFailure if it can't be evaluated, such as when a field is missing
   */
  public boolean holds(JsonNode self) {
    return new Evaluation(self).truth(expression);
  }
}
