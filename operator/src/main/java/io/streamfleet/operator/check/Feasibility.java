package io.streamfleet.operator.check;

import io.streamfleet.api.Violation;
import io.streamfleet.operator.resource.Fleet;
import java.util.List;

/**
 * Finds what passes the schema but can't work: what CEL can't express or is too expensive for it.
 * It reports only what the API server would refuse or a worker would fail on, not what is merely
 * unwise.
 */
public final class Feasibility {

  private Feasibility() {}

  /** All problems, each with its path and what to change; empty if there are none. */
  public static List<Violation> problems(Fleet fleet) {
    Problems problems = new Problems();
    new AddressCheck(fleet, problems).run();
    new LabelCheck(fleet, problems).run();
    new PodCheck(fleet, problems).run();
    return problems.found();
  }
}
