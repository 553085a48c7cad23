package io.streamfleet.apiserver.kind;

import io.streamfleet.apiserver.schema.StructuralSchema;
import java.util.List;
import java.util.Optional;

/**
 * One kind of object in one version.
 *
 * @param group the API group; empty for the core
 * @param resource the plural name, as in paths
 * @param statusIsolated whether there is a {@code status} subresource, so that status is only
 *     written there
 * @param hasGeneration whether changes of the spec increment the generation
 * @param schema of a custom resource
 */
public record ResourceType(
    String group,
    String version,
    String kind,
    String resource,
    String singular,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    boolean statusIsolated,
    boolean hasGeneration,
    Optional<ScalePaths> scale,
    Shape shape,
    Optional<StructuralSchema> schema,
    List<PrinterColumn> columns) {

  /**
   * A column of {@code kubectl get}.
   *
   * @param priority 0: always, else only with -o wide
   */
  public record PrinterColumn(String name, String type, String jsonPath, int priority) {}

  /** Such as {@code apps/v1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** Such as {@code deployments.apps}, as in messages. */
  public String qualifiedResource() {
    return group.isEmpty() ? resource : resource + "." + group;
  }

  /** Such as {@code Deployment.apps}. */
  public String qualifiedKind() {
    return group.isEmpty() ? kind : kind + "." + group;
  }

  /** Whether it is defined by a CRD. */
  public boolean isCustom() {
    return schema.isPresent();
  }
}
