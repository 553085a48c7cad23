package io.streamfleet.commands.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.api.yaml.YamlEdit;
import io.streamfleet.api.yaml.YamlSyntaxError;
import io.streamfleet.api.yaml.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The change of a spec that pauses or resumes the intake of a fleet: of a direction, of a platform,
 * or of everything.
 *
 * @param patch a JSON merge patch of the spec
 * @param changesAnything false if the spec says all of it already
 */
public record PauseChange(ObjectNode patch, boolean changesAnything) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String INBOUND = "inbound";
  private static final String OUTBOUND = "outbound";

  /** A fleet has nothing of the name that is to be paused. */
  public static final class NothingToPause extends Exception {

    private static final long serialVersionUID = 1;

    NothingToPause(String message) {
      super(message);
    }
  }

  /**
   * The change.
   *
   * @param what {@code inbound}, {@code outbound}, or a platform; both directions if empty
   */
  public static PauseChange of(StreamConsumerGroupSpec spec, String what, boolean paused)
      throws NothingToPause {
    ObjectNode patch = JSON.objectNode();
    boolean changes = false;
    var inbound = spec.inbound();
    if (inbound != null && (what.isEmpty() || what.equals(INBOUND))) {
      patch.putObject(INBOUND).put("paused", paused);
      changes = inbound.paused() != paused;
    }
    var outbound = spec.outbound();
    if (outbound != null && (what.isEmpty() || what.equals(OUTBOUND))) {
      patch.putObject(OUTBOUND).put("paused", paused);
      changes |= outbound.paused() != paused;
    }
    if (patch.isEmpty()) {
      if (outbound == null || !outbound.platforms().contains(what)) {
        throw new NothingToPause("the fleet has no %s; it has: %s".formatted(what, names(spec)));
      }
      patch.putObject(OUTBOUND).set("pausedPlatforms", platforms(outbound, what, paused));
      changes = outbound.pausedPlatforms().contains(what) != paused;
    }
    return new PauseChange(patch, changes);
  }

  /** A merge patch replaces a list as a whole. */
  private static ArrayNode platforms(OutboundSpec outbound, String platform, boolean paused) {
    List<String> names = new ArrayList<>(outbound.pausedPlatforms());
    names.remove(platform);
    if (paused) {
      names.add(platform);
    }
    ArrayNode list = JSON.arrayNode();
    names.forEach(list::add);
    return list;
  }

  private static String names(StreamConsumerGroupSpec spec) {
    List<String> names = new ArrayList<>();
    if (spec.inbound() != null) {
      names.add(INBOUND);
    }
    var outbound = spec.outbound();
    if (outbound != null) {
      names.add(OUTBOUND);
      names.addAll(outbound.platforms());
    }
    return String.join(", ", names);
  }

  /** A JSON merge patch of the whole resource. */
  public ObjectNode patchOfResource() {
    ObjectNode patchOfResource = JSON.objectNode();
    patchOfResource.set("spec", patch);
    return patchOfResource;
  }

  /**
   * The text of a manifest, a resource or a bare spec, with this change; comments stay.
   *
   * @return empty if only a person can edit the text, see {@link YamlEdit#with}
   */
  public Optional<String> in(String manifest) throws YamlSyntaxError {
    List<JsonNode> documents = YamlText.documents(manifest);
    boolean bare = documents.stream().noneMatch(it -> it.path("spec").isObject());
    Optional<String> text = Optional.of(manifest);
    for (Map.Entry<String, JsonNode> direction : patch.properties()) {
      for (Map.Entry<String, JsonNode> field : direction.getValue().properties()) {
        List<String> path = new ArrayList<>(bare ? List.of() : List.of("spec"));
        path.add(direction.getKey());
        path.add(field.getKey());
        text =
            text.isEmpty() ? Optional.empty() : YamlEdit.with(text.get(), path, field.getValue());
      }
    }
    return text;
  }
}
