package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** An object of a fleet's can't be made: somebody else has one of that name, and keeps it. */
@SuppressWarnings("serial") // Never leaves the process.
public final class TakenName extends RuntimeException {

  private static final long serialVersionUID = 1;

  TakenName(HasMetadata theirs) {
    super(
        "%s %s is there already and is not this fleet's: rename or delete it, or rename the fleet"
            .formatted(theirs.getKind(), theirs.getMetadata().getName()));
  }
}
