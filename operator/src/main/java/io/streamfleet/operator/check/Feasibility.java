package io.streamfleet.operator.check;

import io.streamfleet.api.Violation;
import io.streamfleet.operator.resource.Fleet;
import java.util.List;

/** Finds what passes the schema and still can't work. */
public final class Feasibility {

  private Feasibility() {}

  /** Everything that can't work, each with its path and what to change; empty if all can. */
  public static List<Violation> problems(Fleet fleet) {
    return List.of();
  }
}
