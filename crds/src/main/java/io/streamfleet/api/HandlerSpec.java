package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The handler of the entries: exactly one of the three. */
@ValidationRule(
    value = "has(self.http) || has(self.class) || has(self.builtin)",
    message = "exactly one of http, class, builtin must be set, found none")
@ValidationRule(
    value = "[has(self.http), has(self.class), has(self.builtin)].filter(set, set).size() <= 1",
    message = "exactly one of http, class, builtin must be set, found several")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HandlerSpec(
    @JsonPropertyDescription("A handler behind HTTP, in any language.")
        @Nullable HttpHandlerSpec http,
    @JsonProperty("class")
        @JsonPropertyDescription(
            "A MessageHandler on the worker's class path, by its class name or its provider's"
                + " name.")
        @Pattern("^[A-Za-z_$][\\w.$-]*$")
        @Size(min = 1, max = 512)
        @Nullable String className,
    @JsonPropertyDescription("A built-in handler.") @Nullable Builtin builtin,
    @JsonPropertyDescription("Options that are passed to a handler of class when it starts.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, String> options) {

  public HandlerSpec {
    options = Copies.of(options);
  }
}
