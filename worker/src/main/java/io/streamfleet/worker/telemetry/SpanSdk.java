package io.streamfleet.worker.telemetry;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import io.streamfleet.worker.metrics.SpanMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * OpenTelemetry's SDK with an exporter by OTLP over HTTP. Handlers in Java, and libraries that they
 * use, find it as the global one, unless there is one already, such as that of an agent.
 */
final class SpanSdk {

  private static final String SCOPE = "io.streamfleet.worker";

  /**
   * Its logger prints to standard error, past our own, and repeats itself; {@link SpanQueue} tells
   * the same. Kept, since a logger that nobody keeps forgets its level.
   */
  private static final Logger OF_THE_SDK = Logger.getLogger("io.opentelemetry");

  private final SdkTracerProvider provider;
  private final SpanQueue queue;

  private SpanSdk(SdkTracerProvider provider, SpanQueue queue) {
    this.provider = provider;
    this.queue = queue;
  }

  static SpanSdk start(TelemetrySettings settings, TracedProcess process, SpanMetrics metrics) {
    OF_THE_SDK.setLevel(Level.OFF);
    SpanQueue queue =
        new SpanQueue(exporter(settings), settings.shownEndpoint(), settings.queue(), metrics);
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setIdGenerator(new RootIds())
            .setSampler(new ByTrace(settings.sampling()))
            .setResource(resource(settings, process))
            .addSpanProcessor(queue)
            .build();
    makeGlobal(provider);
    return new SpanSdk(provider, queue);
  }

  Tracer tracer(String version) {
    return provider.tracerBuilder(SCOPE).setInstrumentationVersion(version).build();
  }

  void close() {
    queue.close();
  }

  private static OtlpHttpSpanExporter exporter(TelemetrySettings settings) {
    ExecutorService daemons =
        Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("traces-export").unstarted(task));
    OtlpHttpSpanExporterBuilder builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.endpoint())
            .setTimeout(settings.timeout())
            .setExecutorService(daemons)
            .setCompression(settings.gzip() ? "gzip" : "none");
    settings.headers().forEach(builder::addHeader);
    settings.certificate().ifPresent(it -> builder.setTrustedCertificates(read(it)));
    settings
        .clientKey()
        .ifPresent(
            key ->
                settings
                    .clientCertificate()
                    .ifPresent(it -> builder.setClientTls(read(key), read(it))));
    return builder.build();
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static Resource resource(TelemetrySettings settings, TracedProcess process) {
    AttributesBuilder all =
        Attributes.builder()
            .put("service.name", process.name().isEmpty() ? "streamfleet" : process.name())
            .put("service.version", process.version())
            .put("service.instance.id", process.consumer());
    String namespace = process.namespace();
    if (namespace != null) {
      all.put("service.namespace", namespace);
    }
    settings.attributes().forEach(all::put);
    return Resource.getDefault().merge(Resource.create(all.build()));
  }

  private static void makeGlobal(SdkTracerProvider provider) {
    ContextPropagators propagators =
        ContextPropagators.create(W3CTraceContextPropagator.getInstance());
    try {
      GlobalOpenTelemetry.set(
          new OpenTelemetry() {
            @Override
            public TracerProvider getTracerProvider() {
              return provider;
            }

            @Override
            public ContextPropagators getPropagators() {
              return propagators;
            }
          });
    } catch (IllegalStateException e) {
      // There is one already: that of an agent, or of a handler.
    }
  }

  /** Spans of handlers follow the decision about their attempt; so do the worker's. */
  private record ByTrace(Sampling sampling) implements Sampler {

    @Override
    public SamplingResult shouldSample(
        Context parent,
        String traceId,
        String name,
        SpanKind kind,
        Attributes attributes,
        List<LinkData> links) {
      SpanContext before = Span.fromContext(parent).getSpanContext();
      boolean isRecorded = before.isValid() ? before.isSampled() : sampling.begins(traceId);
      return isRecorded ? SamplingResult.recordAndSample() : SamplingResult.drop();
    }

    @Override
    public String getDescription() {
      return "ByTrace{" + sampling.ratio() + "}";
    }
  }
}
