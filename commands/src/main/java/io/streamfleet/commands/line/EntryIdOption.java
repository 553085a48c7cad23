package io.streamfleet.commands.line;

import io.streamfleet.redis.EntryId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses an entry id such as {@code 1732372000000-0}. */
public final class EntryIdOption implements ITypeConverter<EntryId> {

  @Override
  public EntryId convert(String value) {
    try {
      return EntryId.parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "'" + value + "' is not the id of a stream entry, such as 1732372000000-0");
    }
  }
}
