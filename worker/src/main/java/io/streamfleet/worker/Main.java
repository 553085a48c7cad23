package io.streamfleet.worker;

import io.streamfleet.worker.cli.BadUsage;
import io.streamfleet.worker.cli.Commands;
import io.streamfleet.worker.cli.PlainRun;
import io.streamfleet.worker.cli.WorkerRun;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Where the process begins. */
public final class Main {

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
        // Nothing was touched yet. The commands find the same, and know how to say it.
      } catch (Exception e) {
        LoggerFactory.getLogger(Main.class).atError().setCause(e).log("the worker failed");
        return 1;
      }
    }
    return Commands.commandLine().execute(args);
  }
}
