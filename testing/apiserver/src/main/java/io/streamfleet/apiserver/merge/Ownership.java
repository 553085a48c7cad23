package io.streamfleet.apiserver.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.failure.ApiFailure.Cause;
import io.streamfleet.apiserver.kind.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Tracks the owners of fields, and implements server-side apply.
 *
 * @param shape how the object merges
 * @param manager who writes
 * @param now the time as Kubernetes writes it
 * @see <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/">Kubernetes on
 *     server-side apply</a>
 */
public record Ownership(Shape shape, FieldManager manager, String now) {

  /** Nobody owns what the server sets. */
  private static final Set<String> UNOWNED =
      Set.of(
          "f:name",
          "f:namespace",
          "f:uid",
          "f:creationTimestamp",
          "f:generation",
          "f:resourceVersion",
          "f:selfLink",
          "f:managedFields",
          "f:deletionTimestamp",
          "f:deletionGracePeriodSeconds");

  /**
   * The live object with what the manager applies, and without what it applied before and nobody
   * else owns.
   *
   * @param config everything that the manager wants to own
   * @param force whether to take over fields from other managers that have other values
   * @throws ApiFailure 409 if others own such fields
   */
  public ObjectNode applied(ObjectNode live, ObjectNode config, boolean force) {
    ManagedFields managed = ManagedFields.of(live);
    FieldSet fields = owned(FieldSet.of(shape, config));
    List<ManagedFields.Entry> others = managed.others(manager);
    FieldSet kept =
        others.stream().map(ManagedFields.Entry::fields).reduce(fields, FieldSet::union);
    FieldSet dropped = managed.ownedBy(manager).minus(kept);
    JsonNode merged = Trees.without(shape, Trees.merge(shape, live, config), dropped, kept);
    FieldSet changed = owned(FieldSet.changed(shape, live, merged));
    if (!force) {
      refuseConflicts(others, changed);
    }
    FieldSet lost = changed.union(owned(FieldSet.removed(shape, live, merged)));
    ObjectNode next = (ObjectNode) merged;
    managed.with(manager, fields, without(others, lost), now).writeTo(next);
    return next;
  }

  /** Updates the ownership in {@code next}, which replaces {@code live}. */
  public void updated(ObjectNode live, ObjectNode next) {
    ManagedFields managed = ManagedFields.of(live);
    FieldSet changed = owned(FieldSet.changed(shape, live, next));
    FieldSet removed = owned(FieldSet.removed(shape, live, next));
    FieldSet fields = managed.ownedBy(manager).minus(removed).union(changed);
    managed
        .with(manager, fields, without(managed.others(manager), changed.union(removed)), now)
        .writeTo(next);
  }

  private static List<ManagedFields.Entry> without(
      List<ManagedFields.Entry> entries, FieldSet lost) {
    return entries.stream().map(entry -> entry.without(lost)).toList();
  }

  private static void refuseConflicts(List<ManagedFields.Entry> others, FieldSet changed) {
    List<Cause> conflicts = new ArrayList<>();
    for (ManagedFields.Entry other : others) {
      for (String path : other.fields().intersection(changed).paths()) {
        conflicts.add(
            new Cause(
                "FieldManagerConflict", "conflict with " + other.manager().described(), path));
      }
    }
    if (!conflicts.isEmpty()) {
      throw ApiFailure.applyConflict(conflicts);
    }
  }

  private static FieldSet owned(FieldSet fields) {
    FieldSet metadata = fields.child("f:metadata").below(element -> !UNOWNED.contains(element));
    FieldSet rest =
        fields.below(
            element ->
                !element.equals("f:metadata")
                    && !element.equals("f:apiVersion")
                    && !element.equals("f:kind"));
    if (!metadata.isEmpty()) {
      rest.children().put("f:metadata", metadata);
    }
    return rest;
  }
}
