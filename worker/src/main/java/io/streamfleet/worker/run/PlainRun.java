package io.streamfleet.worker.run;

import io.streamfleet.process.log.LogFormat;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses a plain {@code run} without the command-line library, which takes a third of a second to
 * load all commands: a third of the time to the first entry. Everything else (another command, a
 * call for help, a mistake) is left to {@link OtherCommands}, which prints all errors.
 */
public final class PlainRun {

  /** The name of the command. */
  public static final String NAME = "run";

  /** The synopsis, printed where no other commands are on the class path. */
  public static final String USAGE =
      "run -f FILE [--redis-url URL] [--secrets DIR] [--consumer NAME] [--host ADDRESS]"
          + " [--port PORT] [--state-dir DIR] [--log-format FORMAT]";

  private static final String FILE = "--file";
  private static final String REDIS_URL = "--redis-url";
  private static final String SECRETS = "--secrets";
  private static final String CONSUMER = "--consumer";
  private static final String HOST = "--host";
  private static final String PORT = "--port";
  private static final String STATE_DIR = "--state-dir";
  private static final String LOG_FORMAT = "--log-format";

  private static final Set<String> OPTIONS =
      Set.of(FILE, REDIS_URL, SECRETS, CONSUMER, HOST, PORT, STATE_DIR, LOG_FORMAT);

  private PlainRun() {}

  /** The requested run; empty if the arguments are not a plain {@code run}. */
  public static Optional<WorkerRun> asked(String... args) {
    if (args.length == 0 || !args[0].equals(NAME)) {
      return Optional.empty();
    }
    Map<String, String> given = new HashMap<>();
    for (int i = 1; i < args.length; i++) {
      String name = args[i].equals("-f") ? FILE : args[i];
      int assigned = name.indexOf('=');
      String value = "";
      if (assigned >= 0) {
        value = name.substring(assigned + 1);
        name = name.substring(0, assigned);
      } else if (i + 1 < args.length) {
        value = args[++i];
      }
      if (!OPTIONS.contains(name) || !isPlain(value) || given.put(name, value) != null) {
        return Optional.empty();
      }
    }
    return run(given);
  }

  /** Whether a value is present, and is no option, no file of arguments and not quoted. */
  private static boolean isPlain(String value) {
    return !value.isEmpty() && "-@\"'".indexOf(value.charAt(0)) < 0;
  }

  private static Optional<WorkerRun> run(Map<String, String> given) {
    String file = given.get(FILE);
    if (file == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new WorkerRun(
              new ManifestSource(
                  Path.of(file),
                  given.get(REDIS_URL),
                  Path.of(given.getOrDefault(SECRETS, ManifestSource.SECRETS))),
              given.get(CONSUMER),
              given.get(HOST),
              port(given.get(PORT)),
              path(given.get(STATE_DIR)),
              LogFormat.valueOf(
                  given
                      .getOrDefault(LOG_FORMAT, LogFormat.LOGFMT.name())
                      .toUpperCase(Locale.ROOT))));
    } catch (IllegalArgumentException e) {
      // An invalid number, format or path: the library finds the same mistake and prints it.
      return Optional.empty();
    }
  }

  private static @Nullable Path path(@Nullable String text) {
    return text == null ? null : Path.of(text);
  }

  private static @Nullable Integer port(@Nullable String text) {
    return text == null ? null : Integer.valueOf(text);
  }
}
