package io.streamfleet.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text form of a duration in a manifest: whole numbers with units, the largest unit first. */
public final class DurationText {

  /**
   * Limits the digits so that every valid text fits the 64 bits of nanoseconds of CEL in
   * Kubernetes.
   */
  public static final String PATTERN =
      "^([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?$";

  /** The pattern in words. */
  public static final String MEANING = "a duration such as 500ms, 60s, 2m or 1h30m";

  private static final Pattern COMPILED = Pattern.compile(PATTERN);

  private DurationText() {}

  /**
   * Parses a text such as {@code 1m30s}.
   *
   * @throws IllegalArgumentException if it is invalid
   */
  public static Duration parse(String text) {
    Matcher matcher = COMPILED.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      throw new IllegalArgumentException("must be " + MEANING);
    }
    return Duration.ofHours(number(matcher.group(1), 1))
        .plusMinutes(number(matcher.group(2), 1))
        .plusSeconds(number(matcher.group(3), 1))
        .plusMillis(number(matcher.group(4), 2));
  }

  /** Formats a duration for {@link #parse}; fractions of a millisecond are dropped. */
  public static String format(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  /** For a mapper that reads and writes durations outside the model. */
  public static Module module() {
    return new SimpleModule("durations")
        .addSerializer(Duration.class, new Writer())
        .addDeserializer(Duration.class, new Reader());
  }

  private static void append(StringBuilder text, long number, String unit) {
    if (number != 0) {
      text.append(number).append(unit);
    }
  }

  private static long number(@Nullable String group, int unitLength) {
    return group == null ? 0 : Long.parseLong(group, 0, group.length() - unitLength, 10);
  }

  static final class Writer extends StdScalarSerializer<Duration> {
    Writer() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(format(value));
    }
  }

  static final class Reader extends StdScalarDeserializer<Duration> {
    Reader() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
      String text = in.getText();
      try {
        return parse(text);
      } catch (IllegalArgumentException e) {
        return (Duration)
            context.handleWeirdStringValue(
                Duration.class, text, "%s", String.valueOf(e.getMessage()));
      }
    }
  }
}
