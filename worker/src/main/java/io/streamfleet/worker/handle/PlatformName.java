package io.streamfleet.worker.handle;

import java.util.regex.Pattern;

/**
 * What a platform may be called, where the name comes from outside: it becomes part of a stream's
 * name and of a URL, and a stray one would make a stream that nobody reads.
 */
final class PlatformName {

  /** In words, for errors. */
  static final String RULE =
      "1 to 63 letters, digits, '.', '_' or '-', beginning with a letter or digit";

  /** 63 is the longest label of a host name, which a platform often becomes. */
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private PlatformName() {}

  static boolean isValid(String name) {
    return VALID.matcher(name).matches();
  }
}
