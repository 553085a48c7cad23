package io.streamfleet.console.settings;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The console's settings from environment variables. docs/console.md has the table; a test compares
 * it with {@link #NAMES}.
 *
 * @param host the address of the page
 * @param port of the page; 0 for a free one
 * @param healthPort of {@code /livez}, {@code /readyz} and {@code /metrics}
 * @param hosts names besides those of loopback under which browsers may ask for the page
 * @param access how users prove who they are
 * @param proxies addresses of trusted proxies, with {@link Access#PROXY}
 * @param userHeader in which a proxy names the user
 * @param groupsHeader in which a proxy names the groups, separated by commas
 * @param namespaces whose fleets are shown; all if empty
 * @param changes whether anything can be changed
 * @param payloads whether payloads are shown
 * @param masked names of payload fields whose values are never shown
 * @param portAnnotation the annotation of a pod that has the port of its worker on this machine,
 *     for fleets without a cluster network; empty in a cluster
 * @param jsonLogs whether log lines are JSON
 */
public record ConsoleSettings(
    String host,
    int port,
    int healthPort,
    Set<String> hosts,
    Access access,
    Set<String> proxies,
    String userHeader,
    String groupsHeader,
    Set<String> namespaces,
    boolean changes,
    boolean payloads,
    Set<String> masked,
    Optional<String> portAnnotation,
    boolean jsonLogs) {

  /** How users prove who they are. */
  public enum Access {
    /** Each request carries a token of the cluster. */
    TOKEN,
    /** A trusted proxy names the user in a header. */
    PROXY,
    /** Everybody who reaches it may do everything; on loopback only. */
    OPEN
  }

  /** Values that nobody wants on a screen, whatever the application. */
  private static final String MASKED =
      "password,passwd,secret,token,authorization,cookie,api_key,apikey,access_key,private_key,"
          + "email,phone,ssn,iban,card_number";

  /** All variables, for the documentation. */
  public static final List<String> NAMES =
      List.of(
          "STREAMFLEET_HOST",
          "STREAMFLEET_CONSOLE_PORT",
          "STREAMFLEET_PORT",
          "STREAMFLEET_CONSOLE_HOSTS",
          "STREAMFLEET_CONSOLE_ACCESS",
          "STREAMFLEET_CONSOLE_PROXIES",
          "STREAMFLEET_CONSOLE_USER_HEADER",
          "STREAMFLEET_CONSOLE_GROUPS_HEADER",
          "STREAMFLEET_NAMESPACES",
          "STREAMFLEET_CONSOLE_CHANGES",
          "STREAMFLEET_CONSOLE_PAYLOADS",
          "STREAMFLEET_CONSOLE_MASKED_FIELDS",
          "STREAMFLEET_CONSOLE_PORT_ANNOTATION",
          "STREAMFLEET_LOG_FORMAT");

  /**
   * Reads them.
   *
   * @throws BadSetting with the name of the variable and what it may be
   */
  public static ConsoleSettings from(Map<String, String> environment) {
    Source source = new Source(environment);
    Access access = source.access();
    String host = source.text("STREAMFLEET_HOST", access == Access.OPEN ? "127.0.0.1" : "0.0.0.0");
    if (access == Access.OPEN && !isLoopback(host)) {
      throw new BadSetting(
          "STREAMFLEET_CONSOLE_ACCESS=open: everybody could do everything, so STREAMFLEET_HOST must"
              + " be 127.0.0.1, localhost or ::1, not "
              + host);
    }
    Set<String> proxies = source.list("STREAMFLEET_CONSOLE_PROXIES", "");
    if (access == Access.PROXY && proxies.isEmpty()) {
      throw new BadSetting(
          "STREAMFLEET_CONSOLE_ACCESS=proxy needs STREAMFLEET_CONSOLE_PROXIES: the addresses from"
              + " which the header is believed, such as 127.0.0.1 for a proxy in the same pod");
    }
    return new ConsoleSettings(
        host,
        source.port("STREAMFLEET_CONSOLE_PORT", "8090"),
        source.port("STREAMFLEET_PORT", "8080"),
        lower(source.list("STREAMFLEET_CONSOLE_HOSTS", "")),
        access,
        proxies,
        source.text("STREAMFLEET_CONSOLE_USER_HEADER", "X-Forwarded-User"),
        source.text("STREAMFLEET_CONSOLE_GROUPS_HEADER", "X-Forwarded-Groups"),
        source.list("STREAMFLEET_NAMESPACES", ""),
        source.truth("STREAMFLEET_CONSOLE_CHANGES"),
        source.truth("STREAMFLEET_CONSOLE_PAYLOADS"),
        lower(source.list("STREAMFLEET_CONSOLE_MASKED_FIELDS", MASKED)),
        Optional.of(source.text("STREAMFLEET_CONSOLE_PORT_ANNOTATION", ""))
            .filter(it -> !it.isEmpty()),
        source.jsonLogs());
  }

  private static boolean isLoopback(String host) {
    return Set.of("127.0.0.1", "localhost", "::1").contains(host);
  }

  private static Set<String> lower(Set<String> names) {
    Set<String> lower = new LinkedHashSet<>();
    names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
    return lower;
  }

  private record Source(Map<String, String> environment) {

    String text(String name, String otherwise) {
      String given = environment.getOrDefault(name, "").strip();
      return given.isEmpty() ? otherwise : given;
    }

    Set<String> list(String name, String otherwise) {
      Set<String> parts = new LinkedHashSet<>();
      Arrays.stream(text(name, otherwise).split(",", -1))
          .map(String::strip)
          .filter(part -> !part.isEmpty())
          .forEach(parts::add);
      return parts;
    }

    int port(String name, String otherwise) {
      String given = text(name, otherwise);
      try {
        int port = Integer.parseInt(given);
        if (port >= 0 && port <= 65_535) {
          return port;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new BadSetting(name + " must be a port from 0 to 65535, not " + given);
    }

    boolean truth(String name) {
      return switch (text(name, "false").toLowerCase(Locale.ROOT)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new BadSetting(name + " must be true or false");
      };
    }

    Access access() {
      String given = text("STREAMFLEET_CONSOLE_ACCESS", "token");
      return switch (given.toLowerCase(Locale.ROOT)) {
        case "token" -> Access.TOKEN;
        case "proxy" -> Access.PROXY;
        case "open" -> Access.OPEN;
        default ->
            throw new BadSetting(
                "STREAMFLEET_CONSOLE_ACCESS must be token, proxy or open, not " + given);
      };
    }

    boolean jsonLogs() {
      return switch (text("STREAMFLEET_LOG_FORMAT", "logfmt")) {
        case "json" -> true;
        case "logfmt" -> false;
        default -> throw new BadSetting("STREAMFLEET_LOG_FORMAT must be logfmt or json");
      };
    }
  }
}
