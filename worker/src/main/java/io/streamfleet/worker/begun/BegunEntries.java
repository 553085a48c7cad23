package io.streamfleet.worker.begun;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records which entries are with handlers, for the next process of the same consumer name to read.
 * If that is not possible, because there is no folder, no space on the disk or no valid file, the
 * worker runs without this protection and logs it once.
 *
 * <p>{@link #begin} and {@link #end} are thread-safe. All other methods belong to the thread that
 * starts and stops the worker.
 */
public final class BegunEntries implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BegunEntries.class);

  /** The result of {@link #begin} if the entry was not recorded. */
  public static final int NOT_NOTED = Slots.NONE;

  private static final Pattern UNUSUAL = Pattern.compile("[^A-Za-z0-9._-]");

  private final Path path;
  private final Slots slots = new Slots(BegunFile.SLOTS);
  private final LastLife lastLife;
  private @Nullable BegunFile file;

  /** By identity, since it is looked up for every entry, and each stream has one object. */
  private volatile IdentityHashMap<StreamConsumer, Long> groups = new IdentityHashMap<>();

  private volatile BegunFile.@Nullable Mapped mapped;
  private volatile boolean saidFull;

  private BegunEntries(Path path, @Nullable BegunFile file, LastLife lastLife) {
    this.path = path;
    this.file = file;
    this.lastLife = lastLife;
  }

  /** Records nothing. */
  public static BegunEntries none() {
    return new BegunEntries(Path.of(""), null, LastLife.UNKNOWN);
  }

  /**
   * Opens the file of a consumer and reads what the previous process of this name recorded.
   * Failures are logged, not thrown.
   *
   * @param folder the folder of the file; created if it does not exist
   */
  public static BegunEntries in(Path folder, String consumer) {
    Path path = folder.resolve(fileName(consumer));
    BegunFile file;
    try {
      file = BegunFile.open(path);
    } catch (IOException | RuntimeException e) {
      without(path, e);
      return none();
    }
    try {
      return new BegunEntries(path, file, file.lastLife());
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("file", path)
          .addKeyValue("failure", e.getMessage())
          .log(
              "cannot read which entries the previous process of this name had started: each entry"
                  + " that it had in flight counts one more delivery");
      return new BegunEntries(path, file, LastLife.UNKNOWN);
    }
  }

  /** A consumer name may contain slashes and may be longer than a file name. */
  static String fileName(String consumer) {
    String plain = UNUSUAL.matcher(consumer).replaceAll("_");
    String start = plain.substring(0, Math.min(plain.length(), 100));
    return "%s-%08x.begun".formatted(start, consumer.hashCode());
  }

  private static void without(Path path, Exception e) {
    LOG.atWarn()
        .addKeyValue("file", path)
        .addKeyValue("failure", e)
        .log(
            "cannot record in a file which entries are started: if a message kills this worker,"
                + " each entry in flight counts one more delivery");
  }

  /** What is known of the previous process of this name. */
  public LastLife lastLife() {
    return lastLife;
  }

  /**
   * Clears the file and starts to record. To be called when the suspects of the previous process
   * are stored in Redis, since this erases them.
   */
  public void start(Collection<StreamConsumer> streams) {
    BegunFile open = file;
    if (open == null) {
      return;
    }
    IdentityHashMap<StreamConsumer, Long> numbers = new IdentityHashMap<>();
    streams.forEach(it -> numbers.put(it, BegunEntry.numberOf(it.consumerGroup())));
    groups = numbers;
    if (mapped == null) {
      try {
        mapped = open.startAnew();
      } catch (IOException | RuntimeException e) {
        without(path, e);
        close();
      }
    }
  }

  /**
   * Records that a handler starts with an entry.
   *
   * @param deaths how many deaths of processes the entry was part of
   * @return the slot, for {@link #end}; {@link #NOT_NOTED} if nothing was recorded
   */
  public int begin(Entry entry, int deaths) {
    BegunFile.Mapped memory = mapped;
    Long group = memory == null ? null : groups.get(entry.streamName());
    if (memory == null || group == null) {
      return NOT_NOTED;
    }
    int slot = slots.take();
    if (slot == Slots.NONE) {
      sayFull();
      return NOT_NOTED;
    }
    try {
      memory.set(slot, group, entry.entryId(), deaths);
    } catch (RuntimeException | InternalError e) {
      giveUp(e);
    }
    return slot;
  }

  /**
   * Records that the handler has ended.
   *
   * @param slot the result of {@link #begin}
   */
  public void end(int slot) {
    BegunFile.Mapped memory = mapped;
    if (slot == NOT_NOTED) {
      return;
    }
    if (memory != null) {
      try {
        memory.clear(slot);
      } catch (RuntimeException | InternalError e) {
        giveUp(e);
      }
    }
    slots.giveBack(slot);
  }

  private void sayFull() {
    if (!saidFull) {
      saidFull = true;
      LOG.atWarn()
          .addKeyValue("entries", BegunFile.SLOTS)
          .log(
              "more entries are with handlers than the file has slots; the others are not recorded");
    }
  }

  /** Someone truncated the file while it was mapped, or the disk failed. */
  private void giveUp(Throwable failure) {
    if (mapped != null) {
      mapped = null;
      LOG.atError()
          .addKeyValue("failure", failure)
          .log(
              "cannot write the file of started entries any more; the worker continues without it");
    }
  }

  /** The worker drains: no entry in the file becomes a suspect, even if the process is killed. */
  public void leave() {
    BegunFile.Mapped memory = mapped;
    if (memory != null) {
      try {
        memory.leave();
      } catch (RuntimeException | InternalError e) {
        giveUp(e);
      }
    }
  }

  /** To be called when no handler runs any more. A failure is only logged. */
  @Override
  public void close() {
    mapped = null;
    BegunFile open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.atDebug().setCause(e).log("cannot close the file of started entries");
      }
    }
  }
}
