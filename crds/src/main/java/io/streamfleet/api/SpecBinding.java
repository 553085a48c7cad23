package io.streamfleet.api;

/**
 * Creates the records from a valid tree by hand: Jackson's reflection would take longer than
 * everything else that a worker does to read its manifest. A test compares the result with
 * Jackson's.
 */
final class SpecBinding {

  private SpecBinding() {}

  static StreamConsumerGroupSpec spec(Fields f) {
    return new StreamConsumerGroupSpec(
        f.part("redis", SpecBinding::redis),
        f.partOrNull("inbound", SpecBinding::inbound),
        f.partOrNull("outbound", SpecBinding::outbound),
        f.part("read", SpecBinding::read),
        f.part("autoclaim", SpecBinding::autoclaim),
        f.part("retry", SpecBinding::retry),
        f.part("deadLetter", p -> new DeadLetterSpec(p.text("stream"), p.number("maxLength"))),
        f.part("trace", SpecBinding::trace),
        f.partOrNull("telemetry", SpecBinding::telemetry),
        f.part("control", p -> new ControlSpec(p.text("cancelChannel"), p.text("noticePrefix"))),
        f.part("workers", SpecBinding::workers),
        f.partOrNull("autoscaling", SpecBinding::autoscaling),
        f.part("consumers", SpecBinding::consumers),
        f.part("monitoring", p -> new MonitoringSpec(p.truth("podMonitor"), p.map("labels"))),
        f.part("networkPolicy", p -> new NetworkPolicySpec(p.truth("enabled"))),
        f.choice("deletionPolicy", DeletionPolicy.class),
        f.truth("paused"));
  }

  private static RedisSpec redis(Fields f) {
    return new RedisSpec(
        f.text("url"),
        f.truth("cluster"),
        f.choice("protocol", Protocol.class),
        f.duration("commandTimeout"),
        f.partOrNull("credentialsSecret", SpecBinding::secret),
        f.partOrNull("sentinelCredentialsSecret", SpecBinding::secret),
        f.partOrNull("tls", SpecBinding::tls));
  }

  private static TlsSpec tls(Fields f) {
    return new TlsSpec(
        f.partOrNull("caSecret", SpecBinding::secret),
        f.partOrNull("clientSecret", SpecBinding::secret),
        f.truth("verifyHostname"));
  }

  private static SecretRef secret(Fields f) {
    return new SecretRef(f.text("name"));
  }

  private static InboundSpec inbound(Fields f) {
    return new InboundSpec(
        f.texts("streams"),
        f.text("group"),
        f.text("startFrom"),
        f.partOrNull("partitions", SpecBinding::partitions),
        f.part("ordering", SpecBinding::ordering),
        f.part("handler", SpecBinding::handler),
        f.partOrNull("limits", SpecBinding::limits),
        f.choice("retention", Retention.class),
        f.truth("paused"));
  }

  private static OutboundSpec outbound(Fields f) {
    return new OutboundSpec(
        f.texts("platforms"),
        f.text("streamTemplate"),
        f.text("group"),
        f.text("startFrom"),
        f.part("ordering", SpecBinding::ordering),
        f.part("handler", SpecBinding::handler),
        f.partOrNull("limits", SpecBinding::limits),
        f.number("maxLength"),
        f.choice("retention", Retention.class),
        f.choice("unservedPlatforms", UnservedPlatforms.class),
        f.truth("paused"),
        f.texts("pausedPlatforms"));
  }

  private static PartitionsSpec partitions(Fields f) {
    return new PartitionsSpec(f.integer("count"), f.choice("from", PartitionsFrom.class));
  }

  private static OrderingSpec ordering(Fields f) {
    return new OrderingSpec(
        f.choice("mode", OrderingMode.class),
        f.text("field"),
        f.duration("lockTtl"),
        f.text("lockTemplate"));
  }

  private static LimitsSpec limits(Fields f) {
    return new LimitsSpec(
        f.textOrNull("rate"),
        f.integerOrNull("burst"),
        f.choice("per", LimitPer.class),
        f.textOrNull("channelRate"),
        f.text("keyTemplate"),
        f.integerOrNull("concurrency"));
  }

  private static HandlerSpec handler(Fields f) {
    return new HandlerSpec(
        f.partOrNull("http", SpecBinding::http),
        f.textOrNull("class"),
        f.textOrNull("builtin") == null ? null : f.choice("builtin", Builtin.class),
        f.map("options"));
  }

  private static HttpHandlerSpec http(Fields f) {
    return new HttpHandlerSpec(
        f.text("url"),
        f.duration("timeout"),
        f.map("headers"),
        f.partOrNull("batch", SpecBinding::batch));
  }

  private static BatchSpec batch(Fields f) {
    return new BatchSpec(f.integer("maxSize"), f.duration("linger"));
  }

  private static ReadSpec read(Fields f) {
    return new ReadSpec(
        f.integer("batchSize"),
        f.duration("block"),
        f.integer("maxInFlight"),
        f.textOrNull("maxBytes"));
  }

  private static AutoclaimSpec autoclaim(Fields f) {
    return new AutoclaimSpec(
        f.duration("interval"),
        f.duration("minIdle"),
        f.integer("batchSize"),
        f.integer("maxDeliveries"));
  }

  private static RetrySpec retry(Fields f) {
    return new RetrySpec(
        f.integer("maxAttempts"), f.duration("initialBackoff"), f.duration("maxBackoff"));
  }

  private static TraceSpec trace(Fields f) {
    return new TraceSpec(
        f.truth("enabled"), f.text("keyTemplate"), f.text("activeSet"), f.duration("ttl"));
  }

  private static TelemetrySpec telemetry(Fields f) {
    return new TelemetrySpec(
        f.partOrNull(
            "traces",
            traces -> new TracesSpec(traces.text("endpoint"), traces.real("sampleRatio"))));
  }

  private static WorkersSpec workers(Fields f) {
    return new WorkersSpec(
        f.integer("replicas"),
        f.textOrNull("image"),
        f.textOrNull("imagePullPolicy"),
        f.list("imagePullSecrets", secret -> secret(new Fields(secret))),
        f.free("resources"),
        f.nodes("env"),
        f.map("nodeSelector"),
        f.nodes("tolerations"),
        f.free("affinity"),
        f.nodes("topologySpreadConstraints"),
        f.textOrNull("serviceAccountName"),
        f.map("podAnnotations"),
        f.map("podLabels"),
        f.nodes("volumes"),
        f.nodes("volumeMounts"),
        f.nodes("sidecars"),
        f.nodes("containers"),
        f.duration("drainTimeout"),
        f.integer("port"));
  }

  private static AutoscalingSpec autoscaling(Fields f) {
    return new AutoscalingSpec(
        f.integer("minReplicas"), f.integer("maxReplicas"), f.integer("lagPerReplica"));
  }

  private static ConsumersSpec consumers(Fields f) {
    return new ConsumersSpec(f.choice("cleanup", ConsumerCleanup.class), f.duration("idleFor"));
  }
}
