package io.streamfleet.apiserver.kind;

import java.util.List;
import java.util.Map;

/** How the metadata of all kinds merge. */
final class MetadataShape {

  private static final Shape ATOMIC = new Shape.Atomic();
  private static final Shape MAP = new Shape.Granular(name -> ATOMIC);

  private MetadataShape() {}

  static Shape get() {
    return new Shape.Granular(
        name ->
            switch (name) {
              case "labels", "annotations" -> MAP;
              case "ownerReferences" -> new Shape.Keyed(List.of("uid"), Map.of(), MAP);
              case "finalizers" -> new Shape.Distinct();
              default -> ATOMIC;
            });
  }
}
