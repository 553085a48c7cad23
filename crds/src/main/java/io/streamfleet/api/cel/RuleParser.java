package io.streamfleet.api.cel;

import io.streamfleet.api.cel.Expression.Comparator;
import io.streamfleet.api.cel.Expression.Function;
import io.streamfleet.api.cel.Expression.Macro;
import io.streamfleet.api.cel.Tokens.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Parses a rule by recursive descent, one method for each level of precedence. */
final class RuleParser {

  private static final Map<String, Comparator> COMPARATORS =
      Map.of(
          "==", Comparator.EQUAL,
          "!=", Comparator.NOT_EQUAL,
          "<", Comparator.LESS,
          "<=", Comparator.LESS_OR_EQUAL,
          ">", Comparator.GREATER,
          ">=", Comparator.GREATER_OR_EQUAL);
  private static final Map<String, Macro> MACROS =
      Map.of("all", Macro.ALL, "exists", Macro.EXISTS, "filter", Macro.FILTER);
  private static final Map<String, Function> METHODS =
      Map.of("contains", Function.CONTAINS, "matches", Function.MATCHES);

  private final Tokens tokens;

  private RuleParser(String rule) {
    this.tokens = new Tokens(rule);
  }

  /**
   * @throws IllegalArgumentException if the rule is invalid, or uses something that is not
   *     supported here
   */
  static Expression parse(String rule) {
    RuleParser parser = new RuleParser(rule);
    Expression expression = parser.or();
    if (parser.tokens.kind() != Kind.END) {
      throw parser.tokens.unsupported("expected the end");
    }
    return expression;
  }

  private Expression or() {
    Expression left = and();
    while (tokens.skip("||")) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = comparison();
    while (tokens.skip("&&")) {
      left = new Expression.And(left, comparison());
    }
    return left;
  }

  private Expression comparison() {
    Expression left = unary();
    if (tokens.skip("in")) {
      return new Expression.In(left, unary());
    }
    for (Map.Entry<String, Comparator> comparator : COMPARATORS.entrySet()) {
      if (tokens.skip(comparator.getKey())) {
        return new Expression.Comparison(comparator.getValue(), left, unary());
      }
    }
    return left;
  }

  private Expression unary() {
    return tokens.skip("!") ? new Expression.Not(unary()) : member();
  }

  private Expression member() {
    Expression target = primary();
    while (tokens.skip(".")) {
      String field = tokens.take(Kind.NAME);
      target = tokens.skip("(") ? method(target, field) : new Expression.Select(target, field);
    }
    return target;
  }

  private Expression method(Expression target, String name) {
    Macro macro = MACROS.get(name);
    if (macro != null) {
      String variable = tokens.take(Kind.NAME);
      tokens.require(",");
      Expression body = or();
      tokens.require(")");
      return new Expression.Comprehension(macro, target, variable, body);
    }
    if (name.equals("size")) {
      tokens.require(")");
      return new Expression.Call(Function.SIZE, List.of(target));
    }
    Function function = METHODS.get(name);
    if (function == null) {
      throw tokens.unsupported("no method " + name);
    }
    Expression argument = or();
    tokens.require(")");
    return new Expression.Call(function, List.of(target, argument));
  }

  private Expression primary() {
    return switch (tokens.kind()) {
      case TEXT -> new Expression.Literal(tokens.take());
      case NUMBER -> new Expression.Literal(Long.parseLong(tokens.take()));
      case NAME -> named(tokens.take());
      case SYMBOL -> bracketed();
      case END -> throw tokens.unsupported("the rule ends too early");
    };
  }

  private Expression named(String name) {
    if (name.equals("true") || name.equals("false")) {
      return new Expression.Literal(Boolean.valueOf(name));
    }
    if (!tokens.skip("(")) {
      return new Expression.Name(name);
    }
    Expression argument = or();
    tokens.require(")");
    if (name.equals("has") && argument instanceof Expression.Select select) {
      return new Expression.Has(select);
    }
    return switch (name) {
      case "size" -> new Expression.Call(Function.SIZE, List.of(argument));
      case "duration" -> new Expression.Call(Function.DURATION, List.of(argument));
      default -> throw tokens.unsupported("no function " + name);
    };
  }

  private Expression bracketed() {
    if (tokens.skip("(")) {
      Expression inner = or();
      tokens.require(")");
      return inner;
    }
    tokens.require("[");
    List<Expression> elements = new ArrayList<>();
    while (!tokens.skip("]")) {
      if (!elements.isEmpty()) {
        tokens.require(",");
      }
      elements.add(or());
    }
    return new Expression.ListOf(elements);
  }
}
