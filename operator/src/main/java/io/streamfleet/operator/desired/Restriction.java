package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;

/**
 * What a container is not allowed.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">the profile
 *     Restricted of the Pod Security Standards</a>
 */
final class Restriction {

  private Restriction() {}

  /** All that the profile Restricted asks for. */
  static SecurityContext byProfile() {
    return profile().build();
  }

  /** That, and the root file system cannot be written. */
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
