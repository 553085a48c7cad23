package io.streamfleet.worker.handle;

import java.util.regex.Pattern;

/**
 * Validates names of platforms that come from payloads and answers. A name becomes part of a
 * stream's name and of a URL, and a wrong one would create a stream that nobody reads.
 */
final class PlatformName {

  /** The rule, for error messages. */
  static final String RULE =
      "1 to 63 letters, digits, '.', '_' or '-', beginning with a letter or digit";

  /** At most 63 characters, as a label of a host name, which a platform often becomes. */
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private PlatformName() {}

  static boolean isValid(String name) {
    return VALID.matcher(name).matches();
  }
}
