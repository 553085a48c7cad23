package io.streamfleet.operator.resource;

import java.util.List;

/**
 * A Secret or ConfigMap in the fleet's namespace that its pods need.
 *
 * @param path where it is referred to, such as {@code spec.redis.credentialsSecret}
 * @param optional whether pods start without it
 * @param keys that it must contain; empty if none is required
 */
public record Reference(Kind kind, String name, String path, boolean optional, List<String> keys) {

  /** The kind of object. */
  public enum Kind {
    SECRET("Secret"),
    CONFIG_MAP("ConfigMap");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** As Kubernetes writes it. */
    @Override
    public String toString() {
      return text;
    }
  }
}
