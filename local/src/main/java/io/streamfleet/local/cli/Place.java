package io.streamfleet.local.cli;

import io.streamfleet.local.state.StateFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the repository is, which the launcher tells, and the fleet's folder in it. */
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

  /** How a person names a file: from where they are, if that is shorter. */
  static String shown(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Path here = Path.of("").toAbsolutePath();
    return absolute.startsWith(here) ? here.relativize(absolute).toString() : absolute.toString();
  }
}
