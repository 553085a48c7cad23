package io.streamfleet.commands.line;

import io.streamfleet.api.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses a duration in the syntax of manifests, such as {@code 90s}. */
public final class DurationOption implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String value) {
    try {
      return DurationText.parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + value + "' is not " + DurationText.MEANING);
    }
  }
}
