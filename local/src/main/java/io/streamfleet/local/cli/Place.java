package io.streamfleet.local.cli;

import io.streamfleet.local.state.StateFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The root of the repository, which the launcher passes, and the fleet's folder in it. */
final class Place {

  @Option(names = "--root", hidden = true, defaultValue = "${sys:streamfleet.root:-.}")
  private Path root = Path.of(".");

  @Option(names = "--state", hidden = true, defaultValue = "${sys:streamfleet.state:-.streamfleet}")
  private Path folder = Path.of(".streamfleet");

  Path root() {
    return root;
  }

  StateFolder state() {
    return new StateFolder(folder);
  }

  /** A file's path for users: relative to the present directory if it is below it. */
  static String shown(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Path here = Path.of("").toAbsolutePath();
    return absolute.startsWith(here) ? here.relativize(absolute).toString() : absolute.toString();
  }
}
