package io.streamfleet.apiserver.merge;

/**
 * Somebody who sets fields.
 *
 * @param apiVersion in which version of the kind the fields are meant
 * @param subresource by which subresource it writes; empty for the object itself
 */
public record FieldManager(
    String name, Operation operation, String apiVersion, String subresource) {

  /** How it writes, in the words of the wire. */
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
