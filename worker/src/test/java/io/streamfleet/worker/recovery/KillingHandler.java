package io.streamfleet.worker.recovery;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerContext;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The handler of a worker that is a process of its own. A message whose field {@code do} says
 * {@code halt} or {@code exit} ends the process, and no other message ends well once one of these
 * has begun: each is with its handler when that happens.
 */
public final class KillingHandler implements MessageHandler {

  /** Longer than it takes to begin with all that is begun at once, on a busy machine. */
  private static final long ALL_HAVE_BEGUN_MILLIS = 400;

  private final AtomicInteger killers = new AtomicInteger();
  private Path notes = Path.of("");

  @Override
  public void start(HandlerContext context) {
    notes = Path.of(context.options().get("notes"));
  }

  @Override
  public Handled handle(Message message) throws Exception {
    switch (String.valueOf(message.payload().toMap().get("do"))) {
      case "halt" -> {
        kills();
        Runtime.getRuntime().halt(137);
      }
      case "exit" -> {
        kills();
        System.exit(3);
      }
      default -> {}
    }
    waits(ALL_HAVE_BEGUN_MILLIS / 2);
    if (killers.get() > 0) {
      new CountDownLatch(1).await();
    }
    note("ended " + message.id() + " attempt " + message.attempt());
    return Handled.nothing();
  }

  private void kills() throws InterruptedException, IOException {
    killers.incrementAndGet();
    waits(ALL_HAVE_BEGUN_MILLIS);
    note("killed");
  }

  private static void waits(long millis) throws InterruptedException {
    if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("nobody counts this down");
    }
  }

  private synchronized void note(String line) throws IOException {
    Files.write(notes, List.of(line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
