package io.streamfleet.helm.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules that are shipped, with all their times divided: what takes a quarter of an hour is seen
 * within seconds.
 */
final class HurriedRules {

  /** A duration as Prometheus writes it, and not as a part of a name. */
  private static final Pattern DURATION = Pattern.compile("(?<![\\w.])(\\d+)([smhd])\\b");

  /** A number that stands for itself. */
  private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])(\\d{2,})(?![\\w.])");

  /** Those that are seconds. */
  private static final Set<Integer> SECONDS = Set.of(60, 180, 900, 1800, 3600, 86400);

  /** Those that count something. */
  private static final Set<Integer> COUNTS = Set.of(10, 100);

  private final int divisor;

  HurriedRules(int divisor) {
    this.divisor = divisor;
  }

  /** Writes them into a folder. */
  List<Path> write(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    YAMLMapper yaml = YAMLMapper.builder().build();
    for (Path shipped : Shipped.ruleFiles()) {
      JsonNode tree = Rule.tree(shipped);
      for (JsonNode group : tree.path("groups")) {
        for (JsonNode rule : group.path("rules")) {
          hurry((ObjectNode) rule);
        }
      }
      Path file = folder.resolve("rules-" + shipped.getFileName());
      yaml.writeValue(file.toFile(), tree);
      files.add(file);
    }
    return files;
  }

  private void hurry(ObjectNode rule) {
    rule.put("expr", seconds(durations(rule.path("expr").asText())));
    if (rule.has("for")) {
      rule.put("for", durations(rule.path("for").asText()));
    }
  }

  private String durations(String text) {
    return DURATION
        .matcher(text)
        .replaceAll(
            it -> {
              long units = Long.parseLong(it.group(1));
              Duration whole =
                  switch (it.group(2)) {
                    case "s" -> Duration.ofSeconds(units);
                    case "m" -> Duration.ofMinutes(units);
                    case "h" -> Duration.ofHours(units);
                    default -> Duration.ofDays(units);
                  };
              return whole.dividedBy(divisor).toMillis() + "ms";
            });
  }

  private String seconds(String expression) {
    return NUMBER
        .matcher(expression)
        .replaceAll(
            it -> {
              int number = Integer.parseInt(it.group(1));
              if (SECONDS.contains(number)) {
                return Double.toString((double) number / divisor);
              }
              if (!COUNTS.contains(number)) {
                throw new IllegalStateException(
                    "say in HurriedRules whether %d is a time, in: %s"
                        .formatted(number, expression));
              }
              return it.group(1);
            });
  }
}
