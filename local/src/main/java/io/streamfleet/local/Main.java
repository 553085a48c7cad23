package io.streamfleet.local;

import io.streamfleet.local.cli.StreamfleetCommand;

/** The command line behind {@code ./streamfleet}, except for the worker's own commands. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    // msgpack's default buffer uses sun.misc.Unsafe, about which Java warns on standard error.
    System.setProperty("msgpack.universal-buffer", "true");
    System.exit(StreamfleetCommand.line().execute(args));
  }
}
