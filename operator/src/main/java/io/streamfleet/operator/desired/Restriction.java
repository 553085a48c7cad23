package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;

/**
 * The security context of a container.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">the profile
 *     Restricted of the Pod Security Standards</a>
 */
final class Restriction {

  private Restriction() {}

  /** What the profile Restricted requires. */
  static SecurityContext byProfile() {
    return profile().build();
  }

  /** The same, with a read-only root file system. */
  static SecurityContext withReadOnlyRoot() {
    return profile().withReadOnlyRootFilesystem(true).build();
  }

  private static SecurityContextBuilder profile() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withRunAsNonRoot(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile();
  }
}
