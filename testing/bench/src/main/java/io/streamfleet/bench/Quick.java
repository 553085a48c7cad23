package io.streamfleet.bench;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Other defaults: all parts in about six minutes, for a first impression, not for figures to
 * publish.
 */
final class Quick implements IDefaultValueProvider {

  static final String OPTION = "--quick";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "--entries", "100000",
          "--lap-seconds", "1",
          "--workers", "2",
          "--channels", "1000",
          "--seconds", "2",
          "--minutes", "0.25",
          "--kills", "1",
          "--most", "100000",
          "--starts", "2");

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option ? DEFAULTS.get(option.longestName()) : null;
  }
}
