package io.streamfleet.operator.resource;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Fleets as the API server would hand them out. */
public final class Fleets {

  /** The least that makes a fleet. */
  public static final String MINIMAL =
      """
      redis: {url: "redis://redis:6379"}
      inbound: {handler: {builtin: Discard}}
      """;

  private Fleets() {}

  /** The fleet {@code stargazer} of a whole resource or of a bare spec. */
  public static Fleet of(String yaml) {
    return Fleet.of(resource(Manifest.read(yaml)));
  }

  /** A minimal fleet with one more part of the spec. */
  public static Fleet with(String part) {
    return of(MINIMAL + part);
  }

  /** The resource of a manifest, in namespace {@code chat} unless it says otherwise. */
  public static StreamConsumerGroup resource(Manifest manifest) {
    String namespace = manifest.namespace();
    StreamConsumerGroup resource = new StreamConsumerGroup();
    resource.setMetadata(
        new ObjectMetaBuilder()
            .withName(manifest.name())
            .withNamespace(namespace == null ? "chat" : namespace)
            .withUid("0b7c9d2e-5f14-4c8a-9e3b-7a6d5c4b3a21")
            .withGeneration(1L)
            .build());
    resource.setSpec(manifest.spec());
    return resource;
  }

  /** The samples that come with the API. */
  public static List<Path> samples() throws IOException {
    try (Stream<Path> files =
        Files.list(Path.of(System.getProperty("repository.root"), "crds", "samples"))) {
      return files.sorted().toList();
    }
  }
}
