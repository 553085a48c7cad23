package io.streamfleet.apiserver.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Selects by labels, by equality and by set.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors">Kubernetes
 *     on label selectors</a>
 */
public final class LabelSelector {

  /** Commas outside parentheses. */
  private static final Pattern COMMA = Pattern.compile(",(?![^()]*\\))");

  private static final String KEY = "([A-Za-z0-9][A-Za-z0-9_./-]*)";
  private static final Pattern EQUAL = Pattern.compile(KEY + "\\s*(==|=|!=)\\s*([A-Za-z0-9_.-]*)");
  private static final Pattern IN_SET = Pattern.compile(KEY + "\\s+(in|notin)\\s*\\(([^)]*)\\)");
  private static final Pattern EXISTS = Pattern.compile("(!?)\\s*" + KEY);

  private LabelSelector() {}

  /**
   * Parses a selector such as {@code app=a,tier in (x,y),!old}; an empty one selects everything.
   *
   * @throws ApiFailure 400 if it is invalid
   */
  public static Predicate<JsonNode> parse(String text) {
    List<Predicate<JsonNode>> requirements = new ArrayList<>();
    for (String requirement : COMMA.split(text, -1)) {
      if (!requirement.isBlank()) {
        requirements.add(requirement(requirement.strip()));
      }
    }
    return object ->
        requirements.stream()
            .allMatch(requirement -> requirement.test(object.path("metadata").path("labels")));
  }

  private static Predicate<JsonNode> requirement(String text) {
    Matcher equal = EQUAL.matcher(text);
    if (equal.matches()) {
      boolean wanted = !equal.group(2).equals("!=");
      return oneOf(equal.group(1), List.of(equal.group(3)), wanted);
    }
    Matcher set = IN_SET.matcher(text);
    if (set.matches()) {
      List<String> values =
          Pattern.compile(",").splitAsStream(set.group(3)).map(String::strip).toList();
      return oneOf(set.group(1), values, set.group(2).equals("in"));
    }
    Matcher exists = EXISTS.matcher(text);
    if (exists.matches()) {
      String key = exists.group(2);
      return labels -> labels.has(key) == exists.group(1).isEmpty();
    }
    throw ApiFailure.badRequest(
        "unable to parse requirement \"%s\" of a label selector".formatted(text));
  }

  /** An object without the label is in no set. */
  private static Predicate<JsonNode> oneOf(String key, List<String> values, boolean wanted) {
    return labels -> (labels.has(key) && values.contains(labels.path(key).asText())) == wanted;
  }

  /** A LabelSelector object as text; one without requirements selects everything. */
  public static String text(JsonNode selector) {
    List<String> requirements = new ArrayList<>();
    selector
        .path("matchLabels")
        .properties()
        .forEach(label -> requirements.add(label.getKey() + "=" + label.getValue().asText()));
    selector
        .path("matchExpressions")
        .forEach(expression -> requirements.add(text(expression.path("key").asText(), expression)));
    return String.join(",", requirements);
  }

  private static String text(String key, JsonNode expression) {
    String values =
        String.join(",", expression.path("values").valueStream().map(JsonNode::asText).toList());
    return switch (expression.path("operator").asText()) {
      case "In" -> "%s in (%s)".formatted(key, values);
      case "NotIn" -> "%s notin (%s)".formatted(key, values);
      case "Exists" -> key;
      default -> "!" + key;
    };
  }
}
