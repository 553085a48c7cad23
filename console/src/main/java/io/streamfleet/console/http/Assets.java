package io.streamfleet.console.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of the page, all read at the start: no request names a file of this machine. */
final class Assets {

  private static final List<String> FILES =
      List.of(
          "index.html",
          "style.css",
          "icon.svg",
          "main.js",
          "api.js",
          "dom.js",
          "format.js",
          "plot.js",
          "signin.js",
          "fleets.js",
          "fleet.js",
          "channels.js",
          "entry.js",
          "letters.js");

  private final Map<String, Asset> files = new LinkedHashMap<>();

  /** A file with its type. */
  record Asset(String type, String text) {}

  Assets() {
    for (String name : FILES) {
      try (InputStream file = Assets.class.getResourceAsStream("page/" + name)) {
        if (file == null) {
          throw new IllegalStateException(name + " is missing from the class path");
        }
        files.put(name, new Asset(type(name), new String(file.readAllBytes(), UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalStateException("of what type is " + name + "?");
    };
  }

  Optional<Asset> file(List<String> path) {
    if (path.size() != 1) {
      return Optional.empty();
    }
    String name = path.getFirst().isEmpty() ? "index.html" : path.getFirst();
    return Optional.ofNullable(files.get(name));
  }
}
