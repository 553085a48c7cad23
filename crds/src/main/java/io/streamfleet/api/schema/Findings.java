package io.streamfleet.api.schema;

/** Takes what a check finds. */
@FunctionalInterface
public interface Findings {

  void add(String path, Problem problem);

  /** The place of a map's entry. */
  default String entry(String map, String key) {
    return map + "[" + key + "]";
  }
}
