package io.streamfleet.api;

/**
 * One problem of a manifest.
 *
 * @param path such as {@code spec.inbound.handler}; empty if it is about the whole text
 * @param problem what is wrong and what would be right; never a value that may be a credential
 */
public record Violation(String path, String problem) {

  @Override
  public String toString() {
    return path.isEmpty() ? problem : path + ": " + problem;
  }
}
