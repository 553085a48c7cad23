package io.streamfleet.operator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.streamfleet.operator.cluster.ApiServerContact;
import io.streamfleet.operator.dependent.ApplyFailure;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Shortens warnings of the libraries. At each retry they log a whole stack trace for a request that
 * the API server refused or an API server that can't be reached. This filter logs one line instead,
 * or none if the operator logged the failure already. Other warnings keep their stack trace.
 */
final class LibraryLog extends TurboFilter {

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LibraryLog.class);

  /**
   * Loggers that warn when a connection is cut: the WebSocket can't be closed in good order (twice
   * for each watch, with a stack trace), or the threads of a closed Redis client are gone. Whoever
   * used the connection reconnects or logs the failure.
   */
  private static final Set<String> CONNECTION_CUT =
      Set.of(
          "io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl",
          "io.netty.util.concurrent.DefaultPromise.rejectedExecution");

  private static final List<String> RETRYING =
      List.of(
          "io.fabric8.kubernetes.client.informers.impl.cache.Reflector",
          "io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector",
          "io.javaoperatorsdk.operator.processing.event.EventProcessor");

  private final ApiServerContact contact;

  private LibraryLog(ApiServerContact contact) {
    this.contact = contact;
  }

  /** Installs the filter for everything that is logged from now on, if the log is Logback's. */
  static void shape(ApiServerContact contact) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      LibraryLog filter = new LibraryLog(contact);
      filter.start();
      context.addTurboFilter(filter);
    }
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    if (level.isGreaterOrEqual(Level.WARN) && CONNECTION_CUT.contains(logger.getName())) {
      return FilterReply.DENY;
    }
    if (level != Level.WARN || !RETRYING.contains(logger.getName())) {
      return FilterReply.NEUTRAL;
    }
    Throwable failure = thrown != null ? thrown : failure(parameters).orElse(null);
    if (failure instanceof ApplyFailed) {
      // Logged already for each object that failed.
      return FilterReply.DENY;
    }
    Throwable root = root(failure);
    boolean logged = contact.isAway();
    if (root instanceof KubernetesClientException refused) {
      if (refused.getCode() > 0 || !logged) {
        LOG.atWarn()
            .addKeyValue("what", subject(parameters))
            .addKeyValue("failure", ApplyFailure.line(refused))
            .log("the API server did not take a request; trying again");
      }
      return FilterReply.DENY;
    }
    boolean network = root instanceof IOException || root instanceof TimeoutException;
    return logged && network ? FilterReply.DENY : FilterReply.NEUTRAL;
  }

  /** The innermost cause, or the first exception of the Kubernetes client on the way. */
  private static @Nullable Throwable root(@Nullable Throwable failure) {
    Throwable root = failure;
    while (root != null
        && !(root instanceof KubernetesClientException)
        && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static Optional<Throwable> failure(Object @Nullable [] parameters) {
    return parameters == null
        ? Optional.empty()
        : Arrays.stream(parameters)
            .filter(Throwable.class::isInstance)
            .map(Throwable.class::cast)
            .findFirst();
  }

  /** What the line is about: the watched kind, the resource or the lease. */
  private static String subject(Object @Nullable [] parameters) {
    return parameters == null
        ? ""
        : Arrays.stream(parameters)
            .filter(it -> it != null && !(it instanceof Throwable))
            .map(String::valueOf)
            .reduce((before, last) -> last)
            .orElse("");
  }
}
