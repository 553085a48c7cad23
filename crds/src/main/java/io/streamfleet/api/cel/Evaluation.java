package io.streamfleet.api.cel;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.api.cel.Expression.Comparator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Evaluates an expression for one value. Values are {@code String}, {@code Long}, {@code Double},
 * {@code Boolean}, {@code Duration}, {@code List}, and {@code JsonNode} for objects.
 */
final class Evaluation {

  private static final Pattern DURATION_PART = Pattern.compile("(\\d+)(h|ms|m|s)");

  private final Map<String, Object> variables = new HashMap<>();

  Evaluation(JsonNode self) {
    variables.put("self", value(self));
  }

  boolean truth(Expression expression) {
    return as(Boolean.class, value(expression));
  }

  private Object value(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> literal.value();
      case Expression.Name name -> variable(name.name());
      case Expression.Select select -> field(select);
      case Expression.Has has -> object(has.select().target()).has(has.select().field());
      case Expression.ListOf list -> list.elements().stream().map(this::value).toList();
      case Expression.Not not -> !truth(not.operand());
      case Expression.And and -> either(and.left(), and.right(), false);
      case Expression.Or or -> either(or.left(), or.right(), true);
      case Expression.Comparison comparison -> compare(comparison);
      case Expression.In in -> as(List.class, value(in.list())).contains(value(in.element()));
      case Expression.Call call -> call(call);
      case Expression.Comprehension comprehension -> comprehend(comprehension);
    };
  }

  private Object variable(String name) {
    Object value = variables.get(name);
    if (value == null) {
      throw new RuleFailure("no variable " + name);
    }
    return value;
  }

  private JsonNode object(Expression expression) {
    return as(JsonNode.class, value(expression));
  }

  private Object field(Expression.Select select) {
    JsonNode field = object(select.target()).get(select.field());
    if (field == null) {
      throw new RuleFailure("no field " + select.field());
    }
    return value(field);
  }

  /** In CEL the result is decided by one operand even if the other one fails. */
  private boolean either(Expression left, Expression right, boolean deciding) {
    boolean first;
    try {
      first = truth(left);
    } catch (RuleFailure failure) {
      if (truth(right) == deciding) {
        return deciding;
      }
      throw failure;
    }
    return first == deciding ? deciding : truth(right);
  }

  private boolean compare(Expression.Comparison comparison) {
    Object left = value(comparison.left());
    Object right = value(comparison.right());
    if (comparison.comparator() == Comparator.EQUAL) {
      return left.equals(right);
    }
    if (comparison.comparator() == Comparator.NOT_EQUAL) {
      return !left.equals(right);
    }
    int order =
        left instanceof Duration duration
            ? duration.compareTo(as(Duration.class, right))
            : as(Long.class, left).compareTo(as(Long.class, right));
    return switch (comparison.comparator()) {
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
      case EQUAL, NOT_EQUAL -> throw new IllegalStateException("compared above");
    };
  }

  private Object call(Expression.Call call) {
    Object target = value(call.arguments().getFirst());
    return switch (call.function()) {
      case SIZE -> size(target);
      case DURATION -> duration(as(String.class, target));
      case CONTAINS -> as(String.class, target).contains(argument(call));
      case MATCHES -> Pattern.compile(argument(call)).matcher(as(String.class, target)).find();
    };
  }

  private String argument(Expression.Call call) {
    return as(String.class, value(call.arguments().get(1)));
  }

  private static long size(Object value) {
    return switch (value) {
      case String text -> text.codePointCount(0, text.length());
      case List<?> list -> list.size();
      case JsonNode object -> object.size();
      default -> throw new RuleFailure("no size");
    };
  }

  private static Duration duration(String text) {
    Duration sum = Duration.ZERO;
    Matcher matcher = DURATION_PART.matcher(text);
    int end = 0;
    while (end < text.length()) {
      matcher.region(end, text.length());
      if (!matcher.lookingAt()) {
        break;
      }
      long number = Long.parseLong(matcher.group(1));
      sum =
          sum.plus(
              switch (matcher.group(2)) {
                case "h" -> Duration.ofHours(number);
                case "m" -> Duration.ofMinutes(number);
                case "s" -> Duration.ofSeconds(number);
                default -> Duration.ofMillis(number);
              });
      end = matcher.end();
    }
    if (text.isEmpty() || end < text.length()) {
      throw new RuleFailure("no duration");
    }
    return sum;
  }

  private Object comprehend(Expression.Comprehension comprehension) {
    List<Object> chosen = new ArrayList<>();
    List<?> elements = as(List.class, value(comprehension.target()));
    for (Object element : elements) {
      variables.put(comprehension.variable(), element);
      if (truth(comprehension.body())) {
        chosen.add(element);
      }
    }
    variables.remove(comprehension.variable());
    return switch (comprehension.macro()) {
      case ALL -> chosen.size() == elements.size();
      case EXISTS -> !chosen.isEmpty();
      case FILTER -> chosen;
    };
  }

  private static Object value(JsonNode node) {
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isIntegralNumber()) {
      return node.longValue();
    }
    if (node.isNumber()) {
      return node.doubleValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isArray()) {
      List<Object> elements = new ArrayList<>();
      node.forEach(element -> elements.add(value(element)));
      return elements;
    }
    return node;
  }

  private static <T> T as(Class<T> type, Object value) {
    if (!type.isInstance(value)) {
      throw new RuleFailure("no " + type.getSimpleName());
    }
    return type.cast(value);
  }
}
