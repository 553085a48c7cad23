package io.streamfleet.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The address of Redis and how to connect. */
@ValidationRule(
    value = "!has(self.cluster) || !self.cluster || !self.url.matches('^rediss?-sentinel:')",
    message = "cluster: true needs a redis:// or rediss:// url, Sentinel does not serve a cluster")
@ValidationRule(
    value = "!has(self.tls) || self.url.matches('^rediss(-sentinel)?:')",
    message = "tls needs a rediss:// or rediss-sentinel:// url")
@ValidationRule(
    value = "!has(self.sentinelCredentialsSecret) || self.url.matches('^rediss?-sentinel:')",
    message = "sentinelCredentialsSecret needs a redis-sentinel:// or rediss-sentinel:// url")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RedisSpec(
    @JsonPropertyDescription(
            "The server: redis://host:port/db, rediss:// for TLS, or"
                + " redis-sentinel://host:port,host:port/db#master and rediss-sentinel:// for"
                + " Sentinel; never with a user or password.")
        @Pattern("^rediss?(-sentinel)?://\\S+$")
        @Size(min = 9, max = 1024)
        @ValidationRule(
            value = "!self.contains('@')",
            message =
                "must not carry a user or password: put them into a Secret, keys username and"
                    + " password, and name it in credentialsSecret")
        @ValidationRule(
            value = "!self.contains('?')",
            message =
                "must not have parameters after a ?: they are fields of spec.redis, such as"
                    + " commandTimeout, tls.verifyHostname and credentialsSecret; a database is the"
                    + " path, as in redis://host:6379/5")
        @ValidationRule(
            value = "self.matches('^rediss?-sentinel:') || !self.contains('#')",
            message =
                "must not have a # and a name: only redis-sentinel:// and rediss-sentinel:// name a"
                    + " master")
        @ValidationRule(
            value = "!self.matches('^rediss?-sentinel:') || self.matches('#.')",
            message =
                "must name Sentinel's master after a #, as in redis-sentinel://host:26379#main")
        String url,
    @JsonPropertyDescription("Whether the url is that of a Redis Cluster.") @Default("false")
        boolean cluster,
    @JsonPropertyDescription("The version of the Redis protocol.") @Default("Resp3")
        Protocol protocol,
    @JsonPropertyDescription(
            "How long a command may take before it counts as failed, without the time"
                + " for which a read blocks.")
        @WireDuration
        @Default("10s")
        @ValidationRule(
            value = "duration(self) >= duration('100ms') && duration(self) <= duration('10m')",
            message = "must be between 100ms and 10m")
        Duration commandTimeout,
    @JsonPropertyDescription(
            "The Secret with the keys username (optional) and password; no authentication if"
                + " absent.")
        @Nullable SecretRef credentialsSecret,
    @JsonPropertyDescription(
            "The Secret with the keys username (optional) and password for the Sentinels"
                + " themselves.")
        @Nullable SecretRef sentinelCredentialsSecret,
    @JsonPropertyDescription("TLS settings beyond the system's defaults.") @Nullable TlsSpec tls) {}
