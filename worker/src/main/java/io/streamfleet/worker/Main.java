package io.streamfleet.worker;

import io.streamfleet.worker.run.BadUsage;
import io.streamfleet.worker.run.OtherCommands;
import io.streamfleet.worker.run.PlainRun;
import io.streamfleet.worker.run.WorkerRun;
import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.LoggerFactory;

/** Where the process begins. */
public final class Main {

  private static final int BAD_USAGE = 2;

  private Main() {}

  public static void main(String[] args) {
    // msgpack's other buffer uses sun.misc.Unsafe, of which Java warns on standard error.
    setUnlessGiven("msgpack.universal-buffer", "true");
    // A scrape waits for no second packet.
    setUnlessGiven("sun.net.httpserver.nodelay", "true");
    // Events for Java's flight recorder: to define their classes takes a tenth of a second of a
    // start. Who wants the events gives the property.
    setUnlessGiven("io.lettuce.core.jfr", "false");
    setUnlessGiven("io.netty.jfr.enabled", "false");
    // What nobody caught is a line of the log: its own printing could stand still at a full pipe.
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) ->
            LoggerFactory.getLogger(Main.class)
                .atError()
                .addKeyValue("thread", thread.getName())
                .setCause(failure)
                .log("a thread ended by a failure that nobody caught"));
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
        return plain.get().untilTold();
      } catch (BadUsage e) {
        // Nothing was touched yet.
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
          "this class path has a worker and no other commands: "
              + PlainRun.USAGE
              + "; streamfleet-worker.jar has them all");
      return BAD_USAGE;
    }
    return commands.get().execute(args);
  }
}
