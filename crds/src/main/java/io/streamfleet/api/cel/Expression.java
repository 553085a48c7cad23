package io.streamfleet.api.cel;

import java.util.List;

/** A parsed expression. */
sealed interface Expression {

  /** A string, integer or boolean. */
  record Literal(Object value) implements Expression {}

  /** {@code self}, or the variable of a macro. */
  record Name(String name) implements Expression {}

  /** {@code target.field}. */
  record Select(Expression target, String field) implements Expression {}

  /** {@code has(target.field)}. */
  record Has(Select select) implements Expression {}

  /** {@code [a, b]}. */
  record ListOf(List<Expression> elements) implements Expression {}

  record Not(Expression operand) implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  record Comparison(Comparator comparator, Expression left, Expression right)
      implements Expression {}

  /** {@code left in right}, right being a list. */
  record In(Expression element, Expression list) implements Expression {}

  /** {@code f(a)}, or {@code a.f(b)} with {@code a} as the first argument. */
  record Call(Function function, List<Expression> arguments) implements Expression {}

  /** {@code target.filter(variable, body)} and other macros. */
  record Comprehension(Macro macro, Expression target, String variable, Expression body)
      implements Expression {}

  enum Comparator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL
  }

  enum Function {
    SIZE,
    DURATION,
    CONTAINS,
    MATCHES
  }

  enum Macro {
    ALL,
    EXISTS,
    FILTER
  }
}
