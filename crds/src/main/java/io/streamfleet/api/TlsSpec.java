package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** Certificates for TLS connections to Redis. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TlsSpec(
    @JsonPropertyDescription(
            "The Secret with the private certificate authority, in the key ca.crt; the system's own"
                + " authorities if absent.")
        @Nullable SecretRef caSecret,
    @JsonPropertyDescription(
            "The Secret with the client's certificate and key, in the keys tls.crt and tls.key; no"
                + " client certificate if absent.")
        @Nullable SecretRef clientSecret,
    @JsonPropertyDescription(
            "Whether the server's certificate must be for the host name of the url.")
        @Default("true")
        boolean verifyHostname) {}
