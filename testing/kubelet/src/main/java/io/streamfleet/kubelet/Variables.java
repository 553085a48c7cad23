package io.streamfleet.kubelet;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.streamfleet.apiserver.controller.Node;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The environment variables of a container, from its template. */
final class Variables {

  private static final Pattern REFERENCE = Pattern.compile("\\$(\\$|\\(([A-Za-z0-9_.-]+)\\))");

  private final Pod pod;
  private final Node node;

  Variables(Pod pod, Node node) {
    this.pod = pod;
    this.node = node;
  }

  /**
   * All variables, in the order of the template.
   *
   * @throws NotYet if one refers to a ConfigMap, Secret or key that does not exist
   */
  Map<String, String> of(Container container) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (EnvFromSource source : container.getEnvFrom()) {
      String prefix = Objects.requireNonNullElse(source.getPrefix(), "");
      if (source.getConfigMapRef() != null) {
        configMap(source.getConfigMapRef().getName())
            .forEach((key, text) -> variables.put(prefix + key, text));
      } else if (source.getSecretRef() != null) {
        secret(source.getSecretRef().getName())
            .forEach((key, text) -> variables.put(prefix + key, text));
      }
    }
    for (EnvVar variable : container.getEnv()) {
      String text =
          variable.getValueFrom() == null
              ? expanded(Objects.requireNonNullElse(variable.getValue(), ""), variables)
              : read(variable.getName(), variable.getValueFrom());
      variables.put(variable.getName(), text);
    }
    return variables;
  }

  /** {@code $(NAME)} is the value of an earlier variable, {@code $$} is one dollar. */
  static String expanded(String text, Map<String, String> variables) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    match.group(2) == null
                        ? "$"
                        : variables.getOrDefault(match.group(2), match.group())));
  }

  private String read(String name, EnvVarSource source) {
    if (source.getFieldRef() != null) {
      return Downward.field(pod, source.getFieldRef().getFieldPath());
    } else if (source.getConfigMapKeyRef() != null) {
      return key(
          configMap(source.getConfigMapKeyRef().getName()), source.getConfigMapKeyRef().getKey());
    } else if (source.getSecretKeyRef() != null) {
      return key(secret(source.getSecretKeyRef().getName()), source.getSecretKeyRef().getKey());
    }
    throw new NotYet("the variable %s is of a source that is not known here".formatted(name));
  }

  private static String key(Map<String, String> texts, String key) {
    String text = texts.get(key);
    if (text == null) {
      throw new NotYet("there is no key %s where a variable is to come from".formatted(key));
    }
    return text;
  }

  private Map<String, String> configMap(String name) {
    ConfigMap map =
        node.find(ConfigMap.class, pod.getMetadata().getNamespace(), name)
            .orElseThrow(() -> new NotYet("configmap \"%s\" not found".formatted(name)));
    return Objects.requireNonNullElse(map.getData(), Map.of());
  }

  private Map<String, String> secret(String name) {
    Secret secret =
        node.find(Secret.class, pod.getMetadata().getNamespace(), name)
            .orElseThrow(() -> new NotYet("secret \"%s\" not found".formatted(name)));
    Map<String, String> texts = new LinkedHashMap<>();
    Objects.requireNonNullElse(secret.getData(), Map.<String, String>of())
        .forEach(
            (key, text) ->
                texts.put(
                    key, new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8)));
    return texts;
  }
}
