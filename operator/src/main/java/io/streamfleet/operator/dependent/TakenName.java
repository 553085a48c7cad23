package io.streamfleet.operator.dependent;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** An object can't be created because somebody else's object has its name. */
@SuppressWarnings("serial") // Never serialized.
public final class TakenName extends RuntimeException {

  private static final long serialVersionUID = 1;

  TakenName(HasMetadata theirs) {
    super(
        "%s %s already exists and does not belong to this fleet: rename or delete it, or rename the fleet"
            .formatted(theirs.getKind(), theirs.getMetadata().getName()));
  }
}
