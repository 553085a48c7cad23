package io.streamfleet.process.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * The fields of an event in their order: {@code ts level logger msg}, its own key-value pairs, the
 * MDC, {@code error stack}. An underscore is appended to a key that is taken; an MDC entry is left
 * out if a pair has the same key.
 */
final class EventFields {

  /**
   * Characters of one value. Container runtimes split a line at 16 KiB, which breaks JSON; none of
   * our messages is near that.
   */
  private static final int MAX_VALUE = 4096;

  /** Always with three decimals, so that lines sort as text. */
  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final LineWriter line;
  private final Set<String> taken =
      new HashSet<>(List.of("ts", "level", "logger", "msg", "error", "stack"));

  EventFields(LineWriter line) {
    this.line = line;
  }

  void write(ILoggingEvent event) {
    line.field("ts", TIME.format(event.getInstant()));
    line.field("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
    line.field("logger", event.getLoggerName());
    line.field("msg", shown(event.getFormattedMessage()));
    writePairs(event.getKeyValuePairs());
    writeContext(event.getMDCPropertyMap());
    writeThrown(event.getThrowableProxy());
  }

  private void writePairs(@Nullable List<KeyValuePair> pairs) {
    if (pairs == null) {
      return;
    }
    for (KeyValuePair pair : pairs) {
      line.field(free(wellFormed(pair.key)), shown(pair.value));
    }
  }

  private void writeContext(@Nullable Map<String, String> context) {
    if (context == null) {
      return;
    }
    context.forEach(
        (name, value) -> {
          String key = wellFormed(name);
          if (taken.add(key)) {
            line.field(key, shown(value));
          }
        });
  }

  private void writeThrown(@Nullable IThrowableProxy thrown) {
    if (thrown == null) {
      return;
    }
    line.field("error", shown(Trace.headline(thrown)));
    line.field("stack", Trace.of(thrown));
  }

  private String free(String key) {
    String free = key;
    while (!taken.add(free)) {
      free += "_";
    }
    return free;
  }

  /** The key without the characters that logfmt can't have in a key, for both formats. */
  private static String wellFormed(@Nullable String key) {
    if (key == null || key.isEmpty()) {
      return "_";
    }
    for (int i = 0; i < key.length(); i++) {
      if (!isKeyCharacter(key.charAt(i))) {
        return replaced(key);
      }
    }
    return key;
  }

  private static String replaced(String key) {
    StringBuilder out = new StringBuilder(key.length());
    for (int i = 0; i < key.length(); i++) {
      out.append(isKeyCharacter(key.charAt(i)) ? key.charAt(i) : '_');
    }
    return out.toString();
  }

  private static boolean isKeyCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_.-/".indexOf(c) >= 0;
  }

  /** The value to write: a finite number or a boolean as it is, else its text. */
  private static @Nullable Object shown(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Boolean truth -> truth;
      case Byte _, Short _, Integer _, Long _ -> value;
      case Double number when Double.isFinite(number) -> number;
      case Float number when Float.isFinite(number) -> number;
      default -> shown(text(value));
    };
  }

  private static String shown(@Nullable String text) {
    String masked = CredentialMask.masked(String.valueOf(text));
    return masked.length() <= MAX_VALUE
        ? masked
        : masked.substring(0, MAX_VALUE) + "… (" + masked.length() + " characters)";
  }

  /** A value whose toString fails, or that contains itself, must not lose the event. */
  private static String text(Object value) {
    try {
      return value.toString();
    } catch (RuntimeException | StackOverflowError e) {
      return "(no text: toString of " + value.getClass().getName() + " failed)";
    }
  }
}
