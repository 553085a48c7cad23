package io.streamfleet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/**
 * The operator has Fabric8 and reads the model with it; the worker has none and must not miss it.
 */
class BothSidesTest {

  private static final Path SAMPLE = Path.of("samples/stargazer.yaml");

  @Test
  void aWorkerWithoutFabric8ReadsAManifest() throws Exception {
    URL[] classPath =
        Stream.of(Manifest.class, JsonNode.class, JsonFactory.class, JsonProperty.class, Yaml.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .toArray(URL[]::new);
    try (URLClassLoader worker =
        new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
      assertThatThrownBy(() -> worker.loadClass("io.fabric8.generator.annotation.Default"))
          .isInstanceOf(ClassNotFoundException.class);
      Class<?> manifest = worker.loadClass(Manifest.class.getName());
      Object read = manifest.getMethod("read", Path.class).invoke(null, SAMPLE);
      assertThat(manifest.getMethod("toYaml").invoke(read))
          .isEqualTo(Manifest.read(SAMPLE).toYaml());
    }
  }

  @Test
  void theOperatorsClientReadsAndWritesTheSameSpec() throws IOException {
    Manifest manifest = Manifest.read(Files.readString(SAMPLE));
    KubernetesSerialization fabric8 = new KubernetesSerialization();
    StreamConsumerGroup resource = fabric8.unmarshal(manifest.toYaml(), StreamConsumerGroup.class);
    assertThat(resource.getMetadata().getName()).isEqualTo("stargazer");
    assertThat(resource.getSpec()).isEqualTo(manifest.spec());
    assertThat(Manifest.read(fabric8.asYaml(resource))).isEqualTo(manifest);
  }
}
