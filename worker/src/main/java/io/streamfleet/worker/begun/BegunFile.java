package io.streamfleet.worker.begun;

import io.streamfleet.redis.EntryId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of slots, one for each entry that is with a handler, mapped into memory: to note an entry
 * takes a few stores and no call of the system, and the operating system keeps them when the
 * process dies. It need not outlive the machine, so it is never forced to the disk.
 *
 * <p>The file is a head of 64 bytes (magic number, version, count of slots, state, check) and slots
 * of 64 bytes (group, both parts of the id, deaths, check), all in the order of bytes that is usual
 * on the network. A slot whose check is zero is free; one whose check is wrong was torn, and says
 * nothing. Slots have a cache line each, so that handlers on different cores do not wait for each
 * other.
 *
 * <p>A page of a mapped file for which the disk has no room ends the process with SIGBUS. So all of
 * the file is written before it is mapped, which fails with an exception where there is no room.
 */
final class BegunFile implements AutoCloseable {

  /** So many entries at once are protected; more of them take part without. It makes 2 MiB. */
  static final int SLOTS = 32_768;

  private static final long MAGIC = 0x5346424547554e0aL;
  private static final int VERSION = 1;
  private static final int HEAD = 64;
  private static final int SLOT = 64;
  private static final int SIZE = HEAD + SLOTS * SLOT;

  private static final int AT_WORK = 1;
  private static final int LEFT = 2;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);
  private static final VarHandle WORD = LONG.varHandle();

  private final FileChannel channel;
  private final FileLock lock;
  private final Arena arena = Arena.ofShared();

  private BegunFile(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Opens the file of a consumer, and makes it if there is none.
   *
   * @throws IOException if it can't be opened for writing, or another process has it
   */
  static BegunFile open(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new IOException("another process has it");
      }
      return new BegunFile(channel, lock);
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new IOException("this process has it already", e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Reads what the process before left. To be called before {@link #startAnew}.
   *
   * @throws IOException if it can't be read, or is not whole, or of another version; the message
   *     says which
   */
  LastLife lastLife() throws IOException {
    long size = channel.size();
    if (size == 0) {
      return LastLife.UNKNOWN;
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, SIZE));
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // Goes on until it has all.
    }
    bytes.flip();
    if (bytes.limit() < HEAD || bytes.getLong(0) != MAGIC) {
      throw new IOException("it is not a file of begun entries, or was cut short");
    }
    if (bytes.getLong(8) != VERSION) {
      throw new IOException("it is of version " + bytes.getLong(8) + ", this is " + VERSION);
    }
    long slots = bytes.getLong(16);
    long state = bytes.getLong(24);
    if (bytes.getLong(32) != headCheck(slots) || slots < 0 || bytes.limit() < HEAD + slots * SLOT) {
      throw new IOException("it was cut short, or its head is damaged");
    }
    return state == AT_WORK ? new LastLife(true, begun(bytes, slots)) : LastLife.UNKNOWN;
  }

  private static List<BegunEntry> begun(ByteBuffer bytes, long slots) {
    List<BegunEntry> begun = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      int at = HEAD + i * SLOT;
      long group = bytes.getLong(at);
      long millis = bytes.getLong(at + 8);
      long sequence = bytes.getLong(at + 16);
      long deaths = bytes.getLong(at + 24);
      if (bytes.getLong(at + 32) == check(group, millis, sequence, deaths)) {
        begun.add(new BegunEntry(group, new EntryId(millis, sequence), (int) deaths));
      }
    }
    return begun;
  }

  /**
   * Forgets all that is in it, writes it to its full length and maps it.
   *
   * @throws IOException if there is no room for it, or the disk takes no writes
   */
  Mapped startAnew() throws IOException {
    // The head comes last: should this process die in between, what there is still tells that.
    write(ByteBuffer.allocate(SIZE - HEAD), HEAD);
    ByteBuffer head = ByteBuffer.allocate(HEAD);
    head.putLong(0, MAGIC).putLong(8, VERSION).putLong(16, SLOTS).putLong(24, AT_WORK);
    head.putLong(32, headCheck(SLOTS));
    write(head, 0);
    channel.truncate(SIZE);
    return new Mapped(channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE, arena));
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes, at + bytes.position());
    }
  }

  /** The file in memory. Each slot belongs to who has taken it. */
  static final class Mapped {

    private final MemorySegment memory;

    private Mapped(MemorySegment memory) {
      this.memory = memory;
    }

    /** An entry is with a handler from now on. */
    void set(int slot, long group, EntryId id, int deaths) {
      long at = HEAD + (long) slot * SLOT;
      memory.set(LONG, at, group);
      memory.set(LONG, at + 8, id.millis());
      memory.set(LONG, at + 16, id.sequence());
      memory.set(LONG, at + 24, deaths);
      // Last, and not before the others are there: until then the slot says nothing.
      WORD.setRelease(memory, at + 32, check(group, id.millis(), id.sequence(), deaths));
    }

    /** It is not, any more. */
    void clear(int slot) {
      WORD.setRelease(memory, HEAD + (long) slot * SLOT + 32, 0L);
    }

    /** The process ends in good order: whatever is in the slots accuses nobody. */
    void leave() {
      WORD.setRelease(memory, 24L, (long) LEFT);
    }
  }

  private static long headCheck(long slots) {
    return check(MAGIC, VERSION, slots, 0);
  }

  /** Never zero, and as good as never right by chance. */
  private static long check(long group, long millis, long sequence, long deaths) {
    long hash = mixed(group + 0x9e3779b97f4a7c15L);
    hash = mixed(hash ^ millis);
    hash = mixed(hash ^ sequence);
    hash = mixed(hash ^ deaths);
    return hash | 1;
  }

  /** The last step of SplitMix64: each bit of the sum changes half of the result's. */
  private static long mixed(long sum) {
    long z = (sum ^ (sum >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  @Override
  public void close() throws IOException {
    arena.close();
    lock.release();
    channel.close();
  }
}
