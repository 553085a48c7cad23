package io.streamfleet.operator;

import java.util.Optional;

/** What the environment says of the cluster that tests run on. */
final class TestEnvironment {

  private TestEnvironment() {}

  /** What a variable says; one that is set to nothing says nothing. */
  static Optional<String> value(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(text -> !text.isBlank());
  }

  /** Whether what is missing fails a test instead of leaving it out. */
  static boolean isCi() {
    return value("CI").filter("true"::equals).isPresent();
  }
}
