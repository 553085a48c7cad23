package io.streamfleet.console.access;

import java.util.List;

/**
 * Who asks.
 *
 * @param groups of the user, as the cluster or the proxy says
 */
public record Caller(String user, List<String> groups) {

  public Caller {
    groups = List.copyOf(groups);
  }
}
