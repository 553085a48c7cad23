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
 * A file with one slot for each entry that is with a handler, mapped into memory. To record an
 * entry takes a few stores and no system call, and the operating system keeps them when the process
 * dies. The file need not survive a crash of the machine, so it is never forced to the disk.
 *
 * <p>The file has a header of 64 bytes (magic number, version, number of slots, state, checksum)
 * and slots of 64 bytes (group, both parts of the id, deaths, checksum), all big-endian. A slot
 * whose checksum is zero is free. A slot with a wrong checksum was only partly written and is
 * ignored. Each slot has a cache line of its own, so that handlers on different cores do not slow
 * each other down.
 *
 * <p>A write to a page of a mapped file for which the disk has no space kills the process with
 * SIGBUS. So the whole file is written before it is mapped, which throws an exception if there is
 * no space.
 */
final class BegunFile implements AutoCloseable {

  /** Entries that can be recorded at once; further ones are not protected. The file has 2 MiB. */
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
   * Opens the file of a consumer and locks it. Creates it if it does not exist.
   *
   * @throws IOException if it can't be opened for writing, or another process has locked it
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
        throw new IOException("another process has locked it");
      }
      return new BegunFile(channel, lock);
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new IOException("this process has locked it already", e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Reads what the previous process recorded. To be called before {@link #startAnew}.
   *
   * @throws IOException if the file can't be read, is incomplete or has another version; the
   *     message says which
   */
  LastLife lastLife() throws IOException {
    long size = channel.size();
    if (size == 0) {
      return LastLife.UNKNOWN;
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, SIZE));
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // One read may return fewer bytes than asked for.
    }
    bytes.flip();
    if (bytes.limit() < HEAD || bytes.getLong(0) != MAGIC) {
      throw new IOException("it is not a file of started entries, or it is truncated");
    }
    if (bytes.getLong(8) != VERSION) {
      throw new IOException("it has version " + bytes.getLong(8) + ", expected " + VERSION);
    }
    long slots = bytes.getLong(16);
    long state = bytes.getLong(24);
    if (bytes.getLong(32) != headCheck(slots) || slots < 0 || bytes.limit() < HEAD + slots * SLOT) {
      throw new IOException("it is truncated, or its header is damaged");
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
   * Clears the file, writes it to its full length and maps it.
   *
   * @throws IOException if the disk has no space or refuses writes
   */
  Mapped startAnew() throws IOException {
    // The header is written last: until then the file still has the header of the previous process.
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

  /** The mapped file. A slot belongs to the thread that took it from {@link Slots}. */
  static final class Mapped {

    private final MemorySegment memory;

    private Mapped(MemorySegment memory) {
      this.memory = memory;
    }

    /** Records an entry in a slot. */
    void set(int slot, long group, EntryId id, int deaths) {
      long at = HEAD + (long) slot * SLOT;
      memory.set(LONG, at, group);
      memory.set(LONG, at + 8, id.millis());
      memory.set(LONG, at + 16, id.sequence());
      memory.set(LONG, at + 24, deaths);
      // Last, with release semantics: the slot is invalid until the other words are written.
      WORD.setRelease(memory, at + 32, check(group, id.millis(), id.sequence(), deaths));
    }

    /** Frees a slot. */
    void clear(int slot) {
      WORD.setRelease(memory, HEAD + (long) slot * SLOT + 32, 0L);
    }

    /** Marks the file of a process that drains: the next process ignores its slots. */
    void leave() {
      WORD.setRelease(memory, 24L, (long) LEFT);
    }
  }

  private static long headCheck(long slots) {
    return check(MAGIC, VERSION, slots, 0);
  }

  /** A checksum of 63 bits that is never zero. */
  private static long check(long group, long millis, long sequence, long deaths) {
    long hash = mixed(group + 0x9e3779b97f4a7c15L);
    hash = mixed(hash ^ millis);
    hash = mixed(hash ^ sequence);
    hash = mixed(hash ^ deaths);
    return hash | 1;
  }

  /** The finalizer of SplitMix64: each bit of the input changes about half of the output's bits. */
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
