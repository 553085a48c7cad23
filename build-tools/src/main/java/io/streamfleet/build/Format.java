package io.streamfleet.build;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Holds every Java source of the tree to google-java-format, or brings it there.
 *
 * <p>The usual Maven plugins run the formatter inside Maven's own JVM, where a Java 17 cannot parse
 * Java 25; this runs on the toolchain's JDK instead.
 */
final class Format {

  private static final String REMEDY = "mvn -q -pl build-tools process-classes -Dformat=apply";

  private Format() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 2 || !(args[0].equals("check") || args[0].equals("apply"))) {
      System.err.println("usage: Format check|apply DIRECTORY");
      System.exit(2);
    }
    boolean apply = args[0].equals("apply");
    Path root = Path.of(args[1]);
    List<String> offenders = new ArrayList<>();
    for (Path source : sources(root)) {
      String text = Files.readString(source);
      String formatted = format(source, text);
      if (!formatted.equals(text)) {
        offenders.add(root.relativize(source).toString());
        if (apply) {
          Files.writeString(source, formatted);
        }
      }
    }
    if (!apply && !offenders.isEmpty()) {
      offenders.forEach(file -> System.err.println("not formatted: " + file));
      System.err.println("to format them: " + REMEDY);
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !root.relativize(file).toString().contains("target/"))
          .sorted()
          .toList();
    }
  }

  private static String format(Path source, String text) {
    try {
      Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());
      String ordered =
          ImportOrderer.reorderImports(
              RemoveUnusedImports.removeUnusedImports(text), JavaFormatterOptions.Style.GOOGLE);
      return formatter.formatSource(ordered);
    } catch (FormatterException e) {
      throw new IllegalStateException(source + ": " + e.getMessage(), e);
    }
  }
}
