package io.streamfleet.worker;

import io.streamfleet.worker.run.BadUsage;
import io.streamfleet.worker.run.OtherCommands;
import io.streamfleet.worker.run.PlainRun;
import io.streamfleet.worker.run.WorkerRun;
import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.LoggerFactory;

/** Entry point of the worker process. */
public final class Main {

  private static final int BAD_USAGE = 2;

  private Main() {}

  public static void main(String[] args) {
    // msgpack's default buffer uses sun.misc.Unsafe, which makes Java print a warning.
    setUnlessGiven("msgpack.universal-buffer", "true");
    // Sends small responses of /metrics at once instead of waiting for Nagle's algorithm.
    setUnlessGiven("sun.net.httpserver.nodelay", "true");
    // Defining the classes of the JFR events adds a tenth of a second to the start. To record the
    // events, set these properties to true.
    setUnlessGiven("io.lettuce.core.jfr", "false");
    setUnlessGiven("io.netty.jfr.enabled", "false");
    // By default Netty takes stack traces of each 128th buffer, to report it in case it leaks: a
    // tool for those who develop with it.
    setUnlessGiven("io.netty.leakDetection.level", "disabled");
    // Java's default handler prints to standard error, which blocks the thread when nobody reads
    // the pipe. The logger does not block.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) ->
            LoggerFactory.getLogger(Main.class)
                .atError()
                .addKeyValue("thread", thread.getName())
                .setCause(failure)
                .log("a thread ended with an uncaught exception"));
    System.exit(status(args));
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static int status(String... args) {
    Optional<WorkerRun> plain = PlainRun.asked(args);
    if (plain.isPresent()) {
      try {
        return plain.get().run();
      } catch (BadUsage e) {
        // Not through the logger: the mistake is in the command line, and nothing has started.
        System.err.println(e.getMessage());
        return BAD_USAGE;
      } catch (Exception e) {
        LoggerFactory.getLogger(Main.class).atError().setCause(e).log("the worker failed");
        return 1;
      }
    }
    Optional<OtherCommands> commands = ServiceLoader.load(OtherCommands.class).findFirst();
    if (commands.isEmpty()) {
      System.err.println(
          "no other commands are on this class path, only: "
              + PlainRun.USAGE
              + "; streamfleet-worker.jar contains all commands");
      return BAD_USAGE;
    }
    return commands.get().execute(args);
  }
}
