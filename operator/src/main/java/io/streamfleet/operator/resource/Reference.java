package io.streamfleet.operator.resource;

import java.util.List;

/**
 * A Secret or ConfigMap that a fleet's pods need, in the fleet's own namespace.
 *
 * @param path where it is referred to, such as {@code spec.redis.credentialsSecret}
 * @param optional whether pods start without it
 * @param keys the keys that must be in it; empty if any will do
 */
public record Reference(Kind kind, String name, String path, boolean optional, List<String> keys) {

  /** What is referred to. */
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
