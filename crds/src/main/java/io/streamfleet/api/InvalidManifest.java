package io.streamfleet.api;

import java.util.List;
import java.util.stream.Collectors;

/** A manifest is invalid. The message has a line for each violation. */
public final class InvalidManifest extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient List<Violation> violations;

  public InvalidManifest(List<Violation> violations) {
    super(violations.stream().map(Violation::toString).collect(Collectors.joining("\n")));
    this.violations = List.copyOf(violations);
  }

  InvalidManifest(String path, String problem) {
    this(List.of(new Violation(path, problem)));
  }

  /** All violations; at least one. */
  public List<Violation> violations() {
    return violations;
  }
}
