package io.streamfleet.apiserver.kind;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds that exist without a CRD. */
final class BuiltinTypes {

  private BuiltinTypes() {}

  static List<ResourceType> all() {
    return List.of(
        type("", "v1", "Namespace", "namespaces").cluster().status().shortNames("ns").build(),
        type("", "v1", "Node", "nodes").cluster().status().shortNames("no").build(),
        type("", "v1", "Pod", "pods").status().generation().shortNames("po").all().build(),
        type("", "v1", "Service", "services").status().shortNames("svc").all().build(),
        type("", "v1", "ConfigMap", "configmaps").shortNames("cm").build(),
        type("", "v1", "Secret", "secrets").build(),
        type("", "v1", "ServiceAccount", "serviceaccounts").shortNames("sa").build(),
        type("", "v1", "Endpoints", "endpoints").shortNames("ep").build(),
        type("", "v1", "Event", "events").shortNames("ev").build(),
        type("events.k8s.io", "v1", "Event", "events").shortNames("ev").build(),
        workload("Deployment", "deployments", "deploy"),
        workload("ReplicaSet", "replicasets", "rs"),
        workload("StatefulSet", "statefulsets", "sts"),
        type("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets")
            .status()
            .generation()
            .shortNames("pdb")
            .build(),
        type("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies")
            .generation()
            .shortNames("netpol")
            .build(),
        type("coordination.k8s.io", "v1", "Lease", "leases").build(),
        type("rbac.authorization.k8s.io", "v1", "Role", "roles").build(),
        type("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings").build(),
        type("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles").cluster().build(),
        type("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings")
            .cluster()
            .build(),
        type("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions")
            .cluster()
            .status()
            .generation()
            .shortNames("crd", "crds")
            .build());
  }

  private static ResourceType workload(String kind, String resource, String shortName) {
    Builder builder = type("apps", "v1", kind, resource).status().generation().all();
    builder.scale = Optional.of(ScalePaths.WORKLOAD);
    return builder.shortNames(shortName).build();
  }

  private static Builder type(String group, String version, String kind, String resource) {
    return new Builder(group, version, kind, resource);
  }

  /** Makes the list above readable. */
  private static final class Builder {

    private final String group;
    private final String version;
    private final String kind;
    private final String resource;
    private boolean namespaced = true;
    private boolean status;
    private boolean generation;
    private List<String> shortNames = List.of();
    private List<String> categories = List.of();
    private Optional<ScalePaths> scale = Optional.empty();

    private Builder(String group, String version, String kind, String resource) {
      this.group = group;
      this.version = version;
      this.kind = kind;
      this.resource = resource;
    }

    private Builder cluster() {
      namespaced = false;
      return this;
    }

    private Builder status() {
      status = true;
      return this;
    }

    private Builder generation() {
      generation = true;
      return this;
    }

    private Builder all() {
      categories = List.of("all");
      return this;
    }

    private Builder shortNames(String... names) {
      shortNames = List.of(names);
      return this;
    }

    private ResourceType build() {
      return new ResourceType(
          group,
          version,
          kind,
          resource,
          kind.toLowerCase(Locale.ROOT),
          namespaced,
          shortNames,
          categories,
          status,
          generation,
          scale,
          BuiltinShape.root(),
          Optional.empty(),
          List.of());
    }
  }
}
