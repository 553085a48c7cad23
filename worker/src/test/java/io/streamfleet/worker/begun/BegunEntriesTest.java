package io.streamfleet.worker.begun;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.handler.Direction;
import io.streamfleet.redis.EntryId;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.Undecodable;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamConsumer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record that a process keeps of its entries, and that its successor reads. */
class BegunEntriesTest {

  private static final StreamConsumer STREAM =
      new StreamConsumer(Direction.INBOUND, "in", "g", "w");

  @TempDir private Path folder;

  private static Entry entry(long sequence) {
    byte[] data = "{}".getBytes(StandardCharsets.UTF_8);
    RawEntry raw =
        new RawEntry(
            new EntryId(1_700_000_000_000L, sequence), 1, RawEntry.Content.WHOLE, data, null, null);
    try {
      return new Entry(STREAM, raw, data, new HeaderScan("channel_id").scan(data), 0, 0);
    } catch (Undecodable e) {
      throw new AssertionError(e);
    }
  }

  private BegunEntries life() {
    BegunEntries life = BegunEntries.in(folder, "w");
    life.start(List.of(STREAM));
    return life;
  }

  /** A process that dies while it handles some entries. */
  private void dies(int entries) {
    try (BegunEntries life = life()) {
      for (int i = 0; i < entries; i++) {
        assertThat(life.begin(entry(i), i)).isNotEqualTo(BegunEntries.NOT_NOTED);
      }
    }
  }

  private LastLife next() {
    try (BegunEntries next = BegunEntries.in(folder, "w")) {
      return next.lastLife();
    }
  }

  private Path file() {
    return folder.resolve(BegunEntries.fileName("w"));
  }

  private void overwrite(long at, long word) throws IOException {
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(8).putLong(0, word), at);
    }
  }

  private void cutTo(long length) throws IOException {
    try (RandomAccessFile cut = new RandomAccessFile(file().toFile(), "rw")) {
      cut.setLength(length);
    }
  }

  @Test
  void unfinishedEntriesAreFoundByTheNextProcessOnly() {
    try (BegunEntries life = life()) {
      assertThat(life.lastLife()).isEqualTo(LastLife.UNKNOWN);
      int ended = life.begin(entry(1), 0);
      life.begin(entry(2), 3);
      life.end(ended);
    }

    assertThat(next())
        .isEqualTo(
            new LastLife(
                true,
                List.of(
                    new BegunEntry(
                        BegunEntry.numberOf(STREAM.consumerGroup()), entry(2).entryId(), 3))));
    life().close();
    assertThat(next()).isEqualTo(new LastLife(true, List.of()));
  }

  @Test
  void theRecordStaysUntilTheNextProcessHasProcessedIt() {
    dies(2);

    assertThat(next().begun()).hasSize(2);
    assertThat(next().begun()).hasSize(2);
  }

  @Test
  void aProcessThatEndsNormallyLeavesNoEntries() {
    try (BegunEntries life = life()) {
      life.begin(entry(1), 0);
      life.leave();
    }

    assertThat(next()).isEqualTo(LastLife.UNKNOWN);
  }

  @Test
  void twoProcessesOfOneNameDoNotShareAFile() {
    try (BegunEntries life = life();
        BegunEntries other = life()) {
      life.begin(entry(1), 0);
      assertThat(other.begin(entry(2), 0)).isEqualTo(BegunEntries.NOT_NOTED);
    }

    assertThat(next().begun()).extracting(BegunEntry::id).containsExactly(entry(1).entryId());
  }

  @Test
  void ignoresATornSlot() throws IOException {
    dies(3);
    overwrite(64 + 64 + 16, 77);

    assertThat(next().begun()).extracting(it -> it.id().sequence()).containsExactly(0L, 2L);
  }

  @Test
  void ignoresATruncatedOrForeignFile() throws IOException {
    dies(3);
    cutTo(1_000);
    assertThat(next()).isEqualTo(LastLife.UNKNOWN);
    cutTo(20);
    assertThat(next()).isEqualTo(LastLife.UNKNOWN);
    dies(3);
    overwrite(8, 2);
    assertThat(next()).isEqualTo(LastLife.UNKNOWN);
    Files.writeString(file(), "something else of some length, which is longer than any head");
    assertThat(next()).isEqualTo(LastLife.UNKNOWN);

    dies(3);
    assertThat(next().begun()).as("a new one in its place").hasSize(3);
  }

  @Test
  void worksWithoutARecordIfTheDiskIsFull() throws IOException {
    Files.createSymbolicLink(file(), Path.of("/dev/full"));
    try (BegunEntries life = life()) {
      int slot = life.begin(entry(1), 0);
      life.end(slot);

      assertThat(slot).isEqualTo(BegunEntries.NOT_NOTED);
    }
  }

  @Test
  void worksWithoutARecordIfTheFolderIsNotWritable() throws IOException {
    Files.createSymbolicLink(file(), Path.of("/proc/version"));
    try (BegunEntries life = life()) {
      assertThat(life.begin(entry(1), 0)).isEqualTo(BegunEntries.NOT_NOTED);
    }
    Path plain = Files.writeString(folder.resolve("plain"), "");
    try (BegunEntries life = BegunEntries.in(plain.resolve("sub"), "w")) {
      life.start(List.of(STREAM));
      assertThat(life.begin(entry(1), 0)).isEqualTo(BegunEntries.NOT_NOTED);
    }
  }

  @Test
  void truncatingTheMappedFileEndsTheRecordAndNotTheProcess() throws IOException {
    try (BegunEntries life = life()) {
      life.begin(entry(1), 0);
      cutTo(0);
      int last = 0;
      for (int i = 0; i < 20_000; i++) {
        last = life.begin(entry(i), 0);
      }

      assertThat(last).isEqualTo(BegunEntries.NOT_NOTED);
    }
  }

  @Test
  void recordsOnlyAsManyEntriesAsSlotsAndReusesThem() {
    try (BegunEntries life = life()) {
      List<Integer> slots = new ArrayList<>();
      for (int i = 0; i < BegunFile.SLOTS; i++) {
        slots.add(life.begin(entry(i), 0));
      }
      assertThat(slots).doesNotHaveDuplicates().doesNotContain(BegunEntries.NOT_NOTED);
      assertThat(life.begin(entry(1), 0)).isEqualTo(BegunEntries.NOT_NOTED);
      life.end(slots.get(5));

      assertThat(life.begin(entry(1), 0)).isEqualTo(slots.get(5));
    }
  }

  @Test
  void concurrentThreadsNeverShareASlot() throws InterruptedException {
    Slots slots = new Slots(8);
    ConcurrentLinkedQueue<Integer> doubled = new ConcurrentLinkedQueue<>();
    boolean[] taken = new boolean[8];
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 50_000; i++) {
                      int slot = slots.take();
                      if (taken[slot]) {
                        doubled.add(slot);
                      }
                      taken[slot] = true;
                      taken[slot] = false;
                      slots.giveBack(slot);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(doubled).isEmpty();
  }

  @Test
  void everyConsumerNameGivesAFileName() {
    assertThat(BegunEntries.fileName("a/b:c" + "x".repeat(300))).matches("[A-Za-z0-9._-]{10,200}");
    assertThat(BegunEntries.fileName("a/b")).isNotEqualTo(BegunEntries.fileName("a:b"));
  }
}
