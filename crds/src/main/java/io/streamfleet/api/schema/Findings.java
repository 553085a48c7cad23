package io.streamfleet.api.schema;

/** Takes what a check finds. */
@FunctionalInterface
public interface Findings {

  void add(String path, String problem);
}
