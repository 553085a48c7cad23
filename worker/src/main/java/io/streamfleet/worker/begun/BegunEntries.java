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
 * Notes which entries are with handlers, for the next process of this consumer's name to read.
 * Where that is not possible, for want of a folder, of room, or of a file that can be trusted, the
 * worker works all the same, without this protection, and says so once.
 *
 * <p>{@link #begin} and {@link #end} are for any thread, the others for the one that starts and
 * ends the worker.
 */
public final class BegunEntries implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BegunEntries.class);

  /** What {@link #begin} gives where nothing was noted. */
  public static final int NOT_NOTED = Slots.NONE;

  private static final Pattern UNUSUAL = Pattern.compile("[^A-Za-z0-9._-]");

  private final Path path;
  private final Slots slots = new Slots(BegunFile.SLOTS);
  private final LastLife lastLife;
  private @Nullable BegunFile file;

  /** By identity: every entry asks, and there is one object for each name. */
  private volatile IdentityHashMap<StreamConsumer, Long> groups = new IdentityHashMap<>();

  private volatile BegunFile.@Nullable Mapped mapped;
  private volatile boolean saidFull;

  private BegunEntries(Path path, @Nullable BegunFile file, LastLife lastLife) {
    this.path = path;
    this.file = file;
    this.lastLife = lastLife;
  }

  /** Notes nothing. */
  public static BegunEntries none() {
    return new BegunEntries(Path.of(""), null, LastLife.UNKNOWN);
  }

  /**
   * Reads what the last process of this name left.
   *
   * @param folder where the file is, or is to be
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
              "what the last process of this name had begun with is not known: each entry that it"
                  + " had in flight counts one more delivery");
      return new BegunEntries(path, file, LastLife.UNKNOWN);
    }
  }

  /** A consumer's name may hold slashes, and be longer than a file's. */
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
            "which entries are begun with cannot be kept in a file: should a message kill this"
                + " worker, each entry in flight counts one more delivery");
  }

  /** What is known of the process before this one. */
  public LastLife lastLife() {
    return lastLife;
  }

  /** What the last process left has been seen to: from now on the file is this one's. */
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
   * A handler begins with an entry.
   *
   * @return to be given to {@link #end}
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

  /** The handler is done with it. */
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
          .log("more entries are with handlers than are kept in a file; the others are not noted");
    }
  }

  /** Somebody cut the file short while it was mapped, or the disk under it is gone. */
  private void giveUp(Throwable failure) {
    if (mapped != null) {
      mapped = null;
      LOG.atError()
          .addKeyValue("failure", failure)
          .log("the file of begun entries cannot be written any more; the worker goes on without");
    }
  }

  /** The worker ends in good order: nobody is accused of its death, whatever comes. */
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

  /** To be called when no handler runs any more. */
  @Override
  public void close() {
    mapped = null;
    BegunFile open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.atDebug().setCause(e).log("the file of begun entries could not be closed");
      }
    }
  }
}
