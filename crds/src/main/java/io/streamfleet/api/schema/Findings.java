package io.streamfleet.api.schema;

/** Receives the problems that a check finds. */
@FunctionalInterface
public interface Findings {

  void add(String path, Problem problem);

  /** The path of a map's entry. */
  default String entry(String map, String key) {
    return map + "[" + key + "]";
  }
}
