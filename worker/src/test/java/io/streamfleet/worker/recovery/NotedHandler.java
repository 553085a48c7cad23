package io.streamfleet.worker.recovery;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerContext;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The handler of a worker that is a process of its own. It notes each call in a file, with the time
 * if asked to by the option {@code times}, and does what the payload's field {@code do} says:
 * {@code stay} until interrupted, {@code stay 700} for so many milliseconds, {@code insist 700} the
 * same without a look at interrupts, {@code spin} for ever without a look at anything, or {@code
 * die} and take the process with it.
 */
public final class NotedHandler implements MessageHandler {

  private Path notes = Path.of("");
  private boolean times;
  private volatile int spinning;

  @Override
  public void start(HandlerContext context) {
    notes = Path.of(context.options().get("notes"));
    times = Boolean.parseBoolean(context.options().get("times"));
  }

  @Override
  public Handled handle(Message message) throws Exception {
    note("began", message);
    Object what = message.payload().toMap().getOrDefault("do", "");
    switch (what.toString().split(" ", -1)) {
      case String[] words when words[0].equals("die") -> Runtime.getRuntime().halt(137);
      case String[] words when words[0].equals("stay") && words.length == 1 ->
          new CountDownLatch(1).await();
      case String[] words when words[0].equals("stay") -> {
        if (new CountDownLatch(1).await(Long.parseLong(words[1]), TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException("nobody counts this down");
        }
      }
      case String[] words when words[0].equals("insist") -> insist(Long.parseLong(words[1]));
      case String[] words when words[0].equals("spin") -> spin();
      default -> {}
    }
    note("ended", message);
    return Handled.nothing();
  }

  private void insist(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() - end < 0) {
      // An interrupt is taken note of and forgotten, or the thread would not park any more.
      LockSupport.parkNanos(Thread.interrupted() ? 1 : TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** As a computation does that knows of no interrupt. */
  private void spin() {
    while (spinning >= 0) {
      spinning = (spinning + 1) & 0xffff;
    }
  }

  private synchronized void note(String what, Message message) throws IOException {
    String line = what + " " + message.id() + " attempt " + message.attempt();
    Files.write(
        notes,
        List.of(times ? line + " at " + micros() : line),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** By the clock of the machine, as that of Redis. */
  private static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /** What was noted so far, a line each: {@code began 1-0 attempt 1}. */
  public static List<String> read(Path notes) throws IOException {
    return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
  }
}
