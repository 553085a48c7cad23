package io.streamfleet.apiserver.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The protobuf messages of the built-in kinds. */
public final class BuiltinMessages {

  private static final Map<String, FileDescriptor> FILES =
      Map.of(
          "v1", V1.getDescriptor(),
          "apps/v1", V1Apps.getDescriptor(),
          "policy/v1", V1Policy.getDescriptor(),
          "networking.k8s.io/v1", V1Networking.getDescriptor(),
          "rbac.authorization.k8s.io/v1", V1Rbac.getDescriptor(),
          "autoscaling/v1", V1Autoscaling.getDescriptor(),
          "authorization.k8s.io/v1", V1Authorization.getDescriptor());

  /** Fields with their own message whose fields are inlined in JSON; Go calls them embedded. */
  private static final Set<String> EMBEDDED =
      Set.of(
          "volumeSource",
          "persistentVolumeSource",
          "handler",
          "localObjectReference",
          "ephemeralContainerCommon",
          "ingressRuleValue");

  private BuiltinMessages() {}

  /** The message of a kind, if known. DeleteOptions occur in every group. */
  public static Optional<Descriptor> of(String apiVersion, String kind) {
    if (kind.equals("DeleteOptions")) {
      return Optional.of(Meta.DeleteOptions.getDescriptor());
    }
    return Optional.ofNullable(FILES.get(apiVersion)).map(file -> file.findMessageTypeByName(kind));
  }

  /** The metadata of every object. */
  public static Descriptor metadata() {
    return Meta.ObjectMeta.getDescriptor();
  }

  /** Whether the fields of a field's message are inlined in JSON. */
  public static boolean isEmbedded(FieldDescriptor field) {
    return EMBEDDED.contains(field.getName());
  }
}
