package io.streamfleet.operator.rights;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Checks the operator's permissions: it has all that it needs, and none of those that it must not
 * have.
 */
public final class RightsCheck {

  /**
   * Permissions that would make the operator's token dangerous beyond fleets. The operator never
   * uses them.
   */
  private static final List<Right> FORBIDDEN =
      List.of(
          new Right("create", "", "pods", ""),
          new Right("create", "", "pods/exec", ""),
          new Right("create", "", "secrets", ""),
          new Right("patch", "", "secrets", ""),
          new Right("delete", "", "secrets", ""),
          new Right("create", "", "serviceaccounts/token", ""),
          new Right("create", "rbac.authorization.k8s.io", "rolebindings", ""),
          new Right("create", "streamfleet.io", "streamconsumergroups", ""),
          new Right("delete", "streamfleet.io", "streamconsumergroups", ""));

  /** The same for cluster-scoped objects. */
  private static final List<Right> FORBIDDEN_EVERYWHERE =
      List.of(
          new Right("create", "rbac.authorization.k8s.io", "clusterrolebindings", ""),
          new Right("patch", "apiextensions.k8s.io", "customresourcedefinitions", ""),
          new Right("get", "", "nodes", ""),
          new Right("impersonate", "", "users", ""));

  /** Answers whether the caller has a permission. */
  private final Predicate<SelfSubjectAccessReview> allowed;

  private final List<String> findings = new ArrayList<>();
  private boolean passed = true;

  public RightsCheck(Predicate<SelfSubjectAccessReview> allowed) {
    this.allowed = allowed;
  }

  /**
   * Checks permissions that are required in a namespace; in all namespaces if it is empty.
   *
   * @param purpose such as "serve resources"
   */
  public void needs(ShippedRights shipped, String namespace, String purpose) {
    List<Right> missing = missing(shipped, namespace);
    if (missing.isEmpty()) {
      findings.add("ok: may %s %s".formatted(purpose, in(namespace)));
    } else {
      fail("may not %s %s, which it needs to %s".formatted(list(missing), in(namespace), purpose));
    }
  }

  /**
   * Checks permissions that only a part of the spec needs.
   *
   * @param part such as spec.autoscaling
   */
  public void wants(ShippedRights shipped, String namespace, String part) {
    List<Right> missing = missing(shipped, namespace);
    findings.add(
        missing.isEmpty()
            ? "ok: may serve %s %s".formatted(part, in(namespace))
            : "note: %s is not served %s, since it may not %s"
                .formatted(part, in(namespace), list(missing)));
  }

  /**
   * Checks that the forbidden permissions are missing in the watched namespaces; in all if there
   * are none.
   */
  public void mustNot(Set<String> namespaces) {
    List<Right> excess = new ArrayList<>(excess(FORBIDDEN_EVERYWHERE, ""));
    for (String namespace : namespaces.isEmpty() ? Set.of("") : namespaces) {
      excess.addAll(excess(FORBIDDEN, namespace));
    }
    if (!namespaces.isEmpty()) {
      excess.addAll(excess(List.of(new Right("list", "", "secrets", "")), ""));
    }
    if (excess.isEmpty()) {
      findings.add("ok: has none of the tested rights that it must not have");
    } else {
      fail("may %s, which it never needs: somebody granted it too much".formatted(list(excess)));
    }
  }

  /** Adds the result of another check. */
  public void found(boolean good, String finding) {
    if (good) {
      findings.add("ok: " + finding);
    } else {
      fail(finding);
    }
  }

  private void fail(String finding) {
    passed = false;
    findings.add("FAILED: " + finding);
  }

  private List<Right> missing(ShippedRights shipped, String namespace) {
    return shipped.rights().stream()
        .filter(right -> !allowed.test(right.asked(namespace)))
        .toList();
  }

  private List<Right> excess(Collection<Right> rights, String namespace) {
    return rights.stream().filter(right -> allowed.test(right.asked(namespace))).toList();
  }

  private static String in(String namespace) {
    return namespace.isEmpty() ? "in all namespaces" : "in namespace " + namespace;
  }

  private static String list(Collection<Right> rights) {
    Map<String, Boolean> texts = new LinkedHashMap<>();
    rights.forEach(right -> texts.put(right.toString(), true));
    return String.join(", ", texts.keySet());
  }

  /** A line for each check. */
  public List<String> findings() {
    return List.copyOf(findings);
  }

  /** Whether all checks passed. */
  public boolean passed() {
    return passed;
  }
}
