package io.streamfleet.local;

import io.streamfleet.local.cli.StreamfleetCommand;

/** The command line behind {@code ./streamfleet}, apart from the worker's own. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    // msgpack's other buffer uses sun.misc.Unsafe, of which Java warns on standard error.
    System.setProperty("msgpack.universal-buffer", "true");
    System.exit(StreamfleetCommand.line().execute(args));
  }
}
