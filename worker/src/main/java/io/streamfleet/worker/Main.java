package io.streamfleet.worker;

import io.streamfleet.worker.cli.BadUsage;
import io.streamfleet.worker.cli.Commands;
import io.streamfleet.worker.cli.PlainRun;
import io.streamfleet.worker.cli.WorkerRun;
import java.util.Optional;

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
        e.printStackTrace();
        return 1;
      }
    }
    return Commands.commandLine().execute(args);
  }
}
