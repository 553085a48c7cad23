package io.streamfleet.apiserver.merge;

/**
 * A field manager.
 *
 * @param apiVersion the version of the kind that the fields refer to
 * @param subresource that it writes to; empty for the object itself
 */
public record FieldManager(
    String name, Operation operation, String apiVersion, String subresource) {

  /** How it writes, as in managedFields. */
  public enum Operation {
    Apply,
    Update
  }

  boolean isSameAs(FieldManager other) {
    return name.equals(other.name)
        && operation == other.operation
        && subresource.equals(other.subresource);
  }

  String described() {
    String using = operation == Operation.Update ? " using " + apiVersion : "";
    return "\"%s\"%s%s"
        .formatted(
            name, subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"", using);
  }
}
