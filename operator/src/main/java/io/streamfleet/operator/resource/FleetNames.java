package io.streamfleet.operator.resource;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names of a resource's objects.
 *
 * <p>They are {@code <resource>-worker}, {@code -config} and {@code -redis}. A resource may have a
 * name that is not allowed for these objects: too long, with a dot, or starting with a digit. Then
 * the name is changed to fit and gets a hash of the whole name, so that two resources never share
 * an object.
 *
 * @param resource the name of the resource
 */
public record FleetNames(String resource) {

  /** The label with the name of the fleet, on all its objects. */
  public static final String GROUP_LABEL = "streamfleet.io/group";

  /** The label that has the value {@link #APPLICATION} on all objects of all fleets. */
  public static final String APPLICATION_LABEL = "app.kubernetes.io/name";

  public static final String APPLICATION = "streamfleet-worker";
  public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
  public static final String MANAGED_BY = "streamfleet-operator";
  private static final String INSTANCE_LABEL = "app.kubernetes.io/instance";
  private static final String COMPONENT_LABEL = "app.kubernetes.io/component";
  private static final String COMPONENT = "worker";

  private static final String WORKER = "-worker";

  /**
   * The longest name of a Deployment whose pods' names Kubernetes never truncates. It truncates the
   * part before a pod's five random letters at 58 characters: the Deployment's name, a dash, the
   * template's hash of up to ten characters, and a dash.
   *
   * @see <a
   *     href="https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apiserver/pkg/storage/names/generate.go">names/generate.go</a>
   */
  private static final int MAX_DEPLOYMENT = 58 - 1 - 10 - 1;

  private static final int MAX_STEM = MAX_DEPLOYMENT - WORKER.length();

  /** The longest value of a label. */
  private static final int MAX_LABEL = 63;

  /** Four bytes: enough to tell the resources of a namespace apart, and short enough to read. */
  private static final int HASH_LENGTH = 8;

  /**
   * The name of a Service must be a label of RFC 1035, which is stricter than the name of a
   * resource.
   */
  private static final Pattern SERVICE_NAME = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");

  /**
   * What the ReplicaSet and the pod append to the Deployment's name: the hash of the template, and
   * five letters of an alphabet without vowels and look-alikes.
   */
  private static final Pattern POD_SUFFIX =
      Pattern.compile("-[a-z0-9]{1,10}-[bcdfghjklmnpqrstvwxz2456789]{5}");

  /**
   * The Deployment. The Service, PodDisruptionBudget, NetworkPolicy, PodMonitor and ScaledObject
   * have the same name.
   */
  public String worker() {
    return stem() + WORKER;
  }

  /** The ConfigMap. */
  public String config() {
    return stem() + "-config";
  }

  /** KEDA's TriggerAuthentication. */
  public String triggerAuthentication() {
    return stem() + "-redis";
  }

  /** The labels of every object and pod. */
  public Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>(selector());
    labels.put(INSTANCE_LABEL, labelValue());
    labels.put(COMPONENT_LABEL, COMPONENT);
    labels.put(MANAGED_BY_LABEL, MANAGED_BY);
    return labels;
  }

  /**
   * The labels that select this fleet's pods. They must never change: a Deployment's selector is
   * immutable.
   */
  public Map<String, String> selector() {
    return new TreeMap<>(Map.of(APPLICATION_LABEL, APPLICATION, GROUP_LABEL, labelValue()));
  }

  /** The same as text, for autoscalers. */
  public String selectorText() {
    return selector().entrySet().stream()
        .map(label -> label.getKey() + "=" + label.getValue())
        .collect(Collectors.joining(","));
  }

  /** The value of {@link #GROUP_LABEL}: the name of the resource, shortened if it is too long. */
  public String labelValue() {
    return resource.length() <= MAX_LABEL ? resource : shortened(resource, MAX_LABEL);
  }

  /**
   * Whether a consumer has the name of a present or former pod of this fleet's Deployment. Pods of
   * another Deployment, whatever its name, never have such a name.
   */
  public boolean isWorkerPod(String consumer) {
    String worker = worker();
    return consumer.startsWith(worker)
        && POD_SUFFIX.matcher(consumer.substring(worker.length())).matches();
  }

  private String stem() {
    if (resource.length() <= MAX_STEM && SERVICE_NAME.matcher(resource).matches()) {
      return resource;
    }
    String letters = resource.replace('.', '-');
    return shortened(Character.isDigit(letters.charAt(0)) ? "fleet-" + letters : letters, MAX_STEM);
  }

  private String shortened(String text, int longest) {
    String head = text.substring(0, Math.min(text.length(), longest - 1 - HASH_LENGTH));
    return head.replaceAll("[-.]+$", "") + "-" + hash();
  }

  private String hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(resource.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
