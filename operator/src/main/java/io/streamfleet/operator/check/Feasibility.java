package io.streamfleet.operator.check;

import io.streamfleet.api.Violation;
import io.streamfleet.operator.resource.Fleet;
import java.util.List;

/**
 * Finds what passes the schema and still can't work: what CEL can't see, or must not compute. Only
 * true contradictions, which the API server would refuse or a worker would stop at; what is merely
 * unwise is the user's affair.
 */
public final class Feasibility {

  private Feasibility() {}

  /** Everything that can't work, each with its path and what to change; empty if all can. */
  public static List<Violation> problems(Fleet fleet) {
    Problems problems = new Problems();
    new AddressCheck(fleet, problems).run();
    new LabelCheck(fleet, problems).run();
    new PodCheck(fleet, problems).run();
    return problems.found();
  }
}
