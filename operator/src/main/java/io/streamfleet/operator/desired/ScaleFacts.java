package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster knows of the number of workers.
 *
 * @param replicas {@code spec.replicas} of the Deployment; empty if there is none yet
 * @param ownedByAnother whether a field manager other than ours has {@code spec.replicas}
 */
public record ScaleFacts(OptionalInt replicas, boolean ownedByAnother) {

  /** Those of a fleet that has no Deployment yet. */
  public static final ScaleFacts NONE = new ScaleFacts(OptionalInt.empty(), false);

  /**
   * Reads them from a Deployment, its {@code metadata.managedFields} included.
   *
   * @param actual as the cluster has it; {@code null} if it has none
   * @param ourFieldManager the name under which the operator applies
   */
  public static ScaleFacts of(@Nullable Deployment actual, String ourFieldManager) {
    return NONE;
  }
}
