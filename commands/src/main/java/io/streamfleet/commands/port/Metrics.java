package io.streamfleet.commands.port;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;

/** What a worker's {@code /metrics} said of some metrics. */
public record Metrics(Map<String, List<Sample>> samples) {

  /** One line. */
  public record Sample(Map<String, String> labels, double value) {

    public String label(String name) {
      return labels.getOrDefault(name, "");
    }
  }

  /** Nothing is known. */
  public static final Metrics NONE = new Metrics(Map.of());

  /**
   * Reads Prometheus' text format. A line that is none is skipped.
   *
   * @param wanted names of the metrics that are kept
   */
  public static Metrics read(String text, Set<String> wanted) {
    Map<String, List<Sample>> samples = new HashMap<>();
    text.lines()
        .forEach(
            line -> {
              int end = endOfName(line);
              String name = line.substring(0, end);
              if (wanted.contains(name)) {
                sample(line, end, samples.computeIfAbsent(name, it -> new ArrayList<>()));
              }
            });
    return new Metrics(samples);
  }

  private static int endOfName(String line) {
    int end = 0;
    while (end < line.length() && line.charAt(end) != '{' && line.charAt(end) != ' ') {
      end++;
    }
    return end;
  }

  private static void sample(String line, int endOfName, List<Sample> samples) {
    Map<String, String> labels = new LinkedHashMap<>();
    int at = endOfName;
    if (at < line.length() && line.charAt(at) == '{') {
      at = labels(line, at + 1, labels);
    }
    try {
      String[] rest = line.substring(Math.min(at, line.length())).strip().split(" ", 2);
      samples.add(new Sample(labels, number(rest[0])));
    } catch (NumberFormatException e) {
      // A line that is none: the others may be.
      return;
    }
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  /** Returns where the labels end. */
  private static int labels(String line, int begin, Map<String, String> labels) {
    int at = begin;
    while (at < line.length() && line.charAt(at) != '}') {
      int equals = line.indexOf("=\"", at);
      if (equals < 0) {
        return line.length();
      }
      String name = line.substring(at, equals).strip();
      StringBuilder value = new StringBuilder();
      at = equals + 2;
      while (at < line.length() && line.charAt(at) != '"') {
        char c = line.charAt(at++);
        if (c == '\\' && at < line.length()) {
          char escaped = line.charAt(at++);
          value.append(escaped == 'n' ? '\n' : escaped);
        } else {
          value.append(c);
        }
      }
      labels.put(name, value.toString());
      at++;
      if (at < line.length() && line.charAt(at) == ',') {
        at++;
      }
    }
    return at + 1;
  }

  public List<Sample> all(String name) {
    return samples.getOrDefault(name, List.of());
  }

  /** The sum over all labels; 0 if there is none. */
  public double sum(String name) {
    return all(name).stream().mapToDouble(Sample::value).sum();
  }

  /** The highest over all labels; 0 if there is none. */
  public double max(String name) {
    return all(name).stream().mapToDouble(Sample::value).max().orElse(0);
  }

  /** Values by a label, added up. */
  public Map<String, Double> by(String name, String label) {
    return by(name, label, Double::sum);
  }

  private Map<String, Double> by(String name, String label, BinaryOperator<Double> merged) {
    Map<String, Double> values = new LinkedHashMap<>();
    all(name).forEach(it -> values.merge(it.label(label), it.value(), merged));
    return values;
  }
}
