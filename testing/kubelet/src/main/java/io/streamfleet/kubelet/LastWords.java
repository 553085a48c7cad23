package io.streamfleet.kubelet;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a process ended, as far as its exit status and the end of its log tell: the message of the
 * last line that is an error, else the last line that is not one of a stack's trace. A cluster's
 * kubelet does about the same with {@code terminationMessagePolicy: FallbackToLogsOnError}.
 */
final class LastWords {

  /** A line of a view or a column, not a page. */
  private static final int LONGEST = 400;

  /** The worker's and the operator's own lines: {@code level=error ... msg="..."}. */
  private static final Pattern ERROR = Pattern.compile("\\blevel=error\\b.*?\\bmsg=(.*)");

  private static final Pattern OWN_LINE = Pattern.compile("ts=\\S+ level=(?!error).*");

  private static final Pattern OF_A_TRACE =
      Pattern.compile("\\s+at .*|\\s*\\.\\.\\. \\d+ more|Caused by: .*");

  private LastWords() {}

  /**
   * In one line, such as {@code exit status 2: no handler com.example.Greeter}.
   *
   * @param log the end of what it said in this life
   */
  static String of(int status, String log) {
    String how = "exit status " + status + signal(status);
    return status == 0 ? how : line(log).map(it -> how + ": " + it).orElse(how);
  }

  /** 128 and the signal's number, as shells have it. */
  private static String signal(int status) {
    return switch (status) {
      case 128 + 6 -> " (SIGABRT: it crashed)";
      case 128 + 9 -> " (SIGKILL: something killed it)";
      case 128 + 15 -> " (SIGTERM: something asked it to end)";
      default -> "";
    };
  }

  private static Optional<String> line(String log) {
    List<String> lines = log.lines().filter(it -> !it.isBlank()).toList().reversed();
    Optional<String> error =
        lines.stream().map(ERROR::matcher).filter(Matcher::find).map(it -> it.group(1)).findFirst();
    return error
        .or(
            () ->
                lines.stream()
                    .filter(it -> !OF_A_TRACE.matcher(it).matches())
                    .filter(it -> !OWN_LINE.matcher(it).matches())
                    .findFirst())
        .map(LastWords::shortened);
  }

  private static String shortened(String line) {
    String some = line.strip();
    return some.length() > LONGEST ? some.substring(0, LONGEST - 1) + "…" : some;
  }
}
