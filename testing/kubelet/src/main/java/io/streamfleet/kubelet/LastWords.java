package io.streamfleet.kubelet;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Explains why a process ended, by its exit status and the end of its log: the message of the last
 * error line, else the last line that is not part of a stack trace. A cluster's kubelet does about
 * the same with {@code terminationMessagePolicy: FallbackToLogsOnError}.
 */
final class LastWords {

  /** Fits into a line of a table. */
  private static final int MAX_LENGTH = 400;

  /** Lines of worker and operator: {@code level=error ... msg="..."}. */
  private static final Pattern ERROR = Pattern.compile("\\blevel=error\\b.*?\\bmsg=(.*)");

  private static final Pattern OWN_LINE = Pattern.compile("ts=\\S+ level=(?!error).*");

  private static final Pattern TRACE_LINE =
      Pattern.compile("\\s+at .*|\\s*\\.\\.\\. \\d+ more|Caused by: .*");

  private LastWords() {}

  /**
   * In one line, such as {@code exit status 2: no handler com.example.Greeter}.
   *
   * @param log the end of the log since its start
   */
  static String of(int status, String log) {
    String how = "exit status " + status + signal(status);
    return status == 0 ? how : line(log).map(it -> how + ": " + it).orElse(how);
  }

  /** 128 plus the number of the signal, as in shells. */
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
                    .filter(it -> !TRACE_LINE.matcher(it).matches())
                    .filter(it -> !OWN_LINE.matcher(it).matches())
                    .findFirst())
        .map(LastWords::shortened);
  }

  private static String shortened(String line) {
    String some = line.strip();
    return some.length() > MAX_LENGTH ? some.substring(0, MAX_LENGTH - 1) + "…" : some;
  }
}
