package io.streamfleet.local.cli;

import io.streamfleet.local.fleet.LocalFailure;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Parses {@code --class-path}, like {@code java -cp}. Java ignores jars that don't exist, and then
 * the handler would not be found; so this checks them.
 */
final class HandlerPath {

  private static final String ALL_JARS = "*";

  private HandlerPath() {}

  /**
   * Parses it.
   *
   * @param paths each may contain several, separated by this system's separator
   * @throws LocalFailure if one of them does not exist
   */
  static List<Path> of(List<String> paths) {
    List<Path> found = new ArrayList<>();
    for (String part : paths) {
      for (String one : part.split(Pattern.quote(File.pathSeparator), -1)) {
        if (!one.isEmpty()) {
          found.addAll(existing(one));
        }
      }
    }
    return found;
  }

  private static List<Path> existing(String one) {
    boolean all = one.equals(ALL_JARS) || one.endsWith(File.separator + ALL_JARS);
    Path path = Path.of(all ? one.substring(0, one.length() - 1) : one).toAbsolutePath();
    if (!(all ? Files.isDirectory(path) : Files.exists(path))) {
      throw LocalFailure.input("--class-path: there is no " + path);
    }
    return all ? jarsIn(path) : List.of(path);
  }

  private static List<Path> jarsIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(it -> it.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the folder " + folder, e);
    }
  }
}
