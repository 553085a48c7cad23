package io.streamfleet.operator.desired;

import java.util.List;
import java.util.Optional;

/** Where two texts differ, as a person wants to see it. */
final class LineDifference {

  /** Of lines that are the same, before and after: enough to see where one is. */
  private static final int CONTEXT = 3;

  private LineDifference() {}

  /** The lines from the first difference to the last, with a few around them. */
  static Optional<String> of(String expected, String actual) {
    if (expected.equals(actual)) {
      return Optional.empty();
    }
    List<String> before = expected.lines().toList();
    List<String> after = actual.lines().toList();
    int most = Math.min(before.size(), after.size());
    int head = 0;
    while (head < most && before.get(head).equals(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < most - head
        && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    StringBuilder text = new StringBuilder(", line " + (head + 1) + ":\n");
    append(text, "  ", before.subList(Math.max(0, head - CONTEXT), head));
    append(text, "- ", before.subList(head, before.size() - tail));
    append(text, "+ ", after.subList(head, after.size() - tail));
    int end = after.size() - tail;
    append(text, "  ", after.subList(end, Math.min(after.size(), end + CONTEXT)));
    return Optional.of(text.toString());
  }

  private static void append(StringBuilder text, String sign, List<String> lines) {
    lines.forEach(line -> text.append(sign).append(line).append('\n'));
  }
}
