package io.streamfleet.worker;

import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.worker.handle.HandlerFactory;
import io.streamfleet.worker.handle.UnusableHandler;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handlers of a worker, one for each pipeline, in the order of {@code PipelinePlan}. */
final class PipelineHandlers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PipelineHandlers.class);

  private final List<MessageHandler> handlers = new ArrayList<>();

  /**
   * Creates and starts the handlers.
   *
   * @throws UnusableHandler if a handler cannot be used
   */
  void make(StreamConsumerGroupSpec spec, HandlerFactory factory)
      throws UnusableHandler, InterruptedException {
    InboundSpec inbound = spec.inbound();
    if (inbound != null) {
      handlers.add(factory.inbound(inbound.handler()));
    }
    OutboundSpec outbound = spec.outbound();
    if (outbound != null) {
      for (String platform : outbound.platforms()) {
        handlers.add(factory.outbound(outbound.handler(), platform));
      }
    }
  }

  /** The handler of the pipeline at this position. */
  MessageHandler of(int pipeline) {
    return handlers.get(pipeline);
  }

  @Override
  public void close() {
    handlers.forEach(PipelineHandlers::close);
  }

  /** Logs a failure instead of throwing it, so that the other handlers are closed as well. */
  private static void close(MessageHandler handler) {
    try {
      handler.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | LinkageError e) {
      LOG.atWarn().setCause(e).log("a handler could not be closed");
    }
  }
}
