package io.streamfleet.worker.read;

import io.lettuce.core.output.CommandOutput;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.wire.EntryFields;
import io.streamfleet.wire.WireNames;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.RawEntry.Content;
import io.streamfleet.worker.entry.Suspicion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the reply of XREADGROUP directly into entries, those of all its streams one after the
 * other, without a map for each entry and without strings for fields that are not used.
 *
 * <p>In RESP2 the reply is {@code [[stream, [[id, [field, value, ...]], ...]]]}; in RESP3 it is a
 * map {@code {stream: [[id, [...]], ...]}}. Entries are recognized by their depth, which is one
 * less in RESP3. Two more numbers in an entry, as a read with {@code CLAIM} returns, are skipped.
 *
 * <p>A payload is kept only if there is room for it when it arrives; of other entries only the id
 * is kept. So a reply may have any size. A null value means that the connection discarded it as too
 * large.
 */
public final class EntriesOutput extends CommandOutput<String, byte[], List<RawEntry>> {

  private static final byte[] DATA = ascii("data");
  private static final byte[] TRACE = ascii("trace_id");
  private static final byte[] SCHEMA = ascii("schema_version");
  private static final byte[] PARENT = ascii(EntryFields.TRACEPARENT);
  private static final byte[] STATE = ascii(EntryFields.TRACESTATE);

  /** The value of {@link #taken} after {@link #ended}. */
  private static final long ENDED = -1;

  private enum Field {
    NONE,
    DATA,
    TRACE,
    SCHEMA,
    PARENT,
    STATE,
    OTHER
  }

  /** The number of missing elements of each open list, the innermost list last. */
  private int[] open = new int[8];

  private int depth;

  /** The depth at which an entry's list is open: 4 in RESP2, 3 in RESP3; 0 before the reply. */
  private int entryDepth;

  private final List<Part> parts = new ArrayList<>(1);
  private @Nullable EntryId id;
  private boolean present;
  private Content content = Content.WHOLE;
  private byte @Nullable [] data;
  private byte @Nullable [] trace;
  private byte @Nullable [] schema;
  private byte @Nullable [] parent;
  private byte @Nullable [] state;
  private Field field = Field.NONE;

  private final Room.Share room;
  private final long largest;
  private final AtomicLong taken = new AtomicLong();
  private long seen;

  /**
   * @param room the room that payloads use; see {@link #ended}
   */
  public EntriesOutput(Room.Share room) {
    super(Link.CODEC, new ArrayList<>());
    this.room = room;
    this.largest = room.room().largest();
  }

  /**
   * The entries of one stream.
   *
   * @param from the position of its first entry
   */
  private record Part(String stream, int from) {}

  /** The entries by stream. To be called when the reply is complete. */
  public Map<String, List<RawEntry>> byStream() {
    Map<String, List<RawEntry>> streams = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      int to = i + 1 < parts.size() ? parts.get(i + 1).from() : output.size();
      streams.put(parts.get(i).stream(), output.subList(parts.get(i).from(), to));
    }
    return streams;
  }

  /** How many bytes of payloads arrived, kept or not. */
  public long seen() {
    return seen;
  }

  /**
   * The reply was processed, or will never be: returns the room that it took and takes no more,
   * even if the rest of the reply still arrives. Only the first call has an effect.
   *
   * @param used bytes that stay taken, because the entries in flight hold them now
   */
  public void ended(long used) {
    long all = taken.getAndSet(ENDED);
    if (all != ENDED) {
      room.give(all - used);
    }
  }

  private boolean take(int bytes) {
    if (!room.take(bytes)) {
      return false;
    }
    long before = taken.get();
    while (before != ENDED && !taken.compareAndSet(before, before + bytes)) {
      before = taken.get();
    }
    if (before == ENDED) {
      room.give(bytes);
    }
    return before != ENDED;
  }

  @Override
  public void multiMap(int count) {
    if (entryDepth == 0) {
      entryDepth = 3;
    }
    multi(count * 2);
  }

  @Override
  public void multi(int count) {
    if (entryDepth == 0) {
      entryDepth = 4;
    }
    if (count > 0) {
      if (depth + 1 == open.length) {
        open = Arrays.copyOf(open, open.length * 2);
      }
      open[++depth] = count;
      if (depth == entryDepth + 1) {
        present = true;
      }
    } else {
      if (depth == entryDepth && count == 0) {
        present = true;
      }
      elementEnded();
    }
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    if (depth == entryDepth && id == null && bytes != null) {
      id = EntryId.parse(bytes);
    } else if (depth == entryDepth + 1) {
      fieldOrValue(bytes);
    } else if (depth == entryDepth - 2 && bytes != null) {
      parts.add(new Part(Link.CODEC.decodeKey(bytes), output.size()));
    }
    elementEnded();
  }

  @Override
  public void set(long integer) {
    elementEnded();
  }

  private void fieldOrValue(@Nullable ByteBuffer bytes) {
    switch (field) {
      case NONE -> field = fieldOf(bytes);
      case DATA -> {
        payload(bytes);
        field = Field.NONE;
      }
      case TRACE -> {
        trace = name(bytes);
        field = Field.NONE;
      }
      case SCHEMA -> {
        schema = name(bytes);
        field = Field.NONE;
      }
      case PARENT -> {
        parent = name(bytes);
        field = Field.NONE;
      }
      case STATE -> {
        state = name(bytes);
        field = Field.NONE;
      }
      case OTHER -> field = Field.NONE;
    }
  }

  private void payload(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      content = Content.TOO_LARGE;
      return;
    }
    int length = bytes.remaining();
    seen += length;
    if (length > largest) {
      content = Content.TOO_LARGE;
    } else if (take(length)) {
      data = copy(bytes);
    } else if (content == Content.WHOLE) {
      content = Content.LEFT_OUT;
    }
  }

  /** Keeps one byte more than the longest name, so that a longer one is rejected. */
  private static byte @Nullable [] name(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      return new byte[WireNames.LONGEST + 1];
    }
    if (bytes.remaining() > WireNames.LONGEST) {
      return copy(bytes.slice(bytes.position(), WireNames.LONGEST + 1));
    }
    return copy(bytes);
  }

  /** Closes all lists whose last element this was. */
  private void elementEnded() {
    while (depth > 0 && --open[depth] == 0) {
      if (depth == entryDepth) {
        entryEnded();
      }
      depth--;
    }
  }

  private void entryEnded() {
    EntryId ended = id;
    if (ended != null) {
      Content here = present ? content : Content.GONE;
      output.add(
          here == Content.WHOLE ? whole(ended) : new RawEntry(ended, 1, here, null, null, null));
    }
    id = null;
    present = false;
    content = Content.WHOLE;
    data = null;
    trace = null;
    schema = null;
    parent = null;
    state = null;
    field = Field.NONE;
  }

  private RawEntry whole(EntryId ended) {
    return new RawEntry(
        ended,
        1,
        Content.WHOLE,
        data,
        trace,
        schema,
        EntryFields.traceContext(parent, state),
        null,
        Suspicion.NONE);
  }

  private static Field fieldOf(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      return Field.OTHER;
    }
    return switch (bytes.remaining()) {
      case 4 -> matches(bytes, DATA) ? Field.DATA : Field.OTHER;
      case 8 -> matches(bytes, TRACE) ? Field.TRACE : Field.OTHER;
      case 10 -> matches(bytes, STATE) ? Field.STATE : Field.OTHER;
      case 11 -> matches(bytes, PARENT) ? Field.PARENT : Field.OTHER;
      case 14 -> matches(bytes, SCHEMA) ? Field.SCHEMA : Field.OTHER;
      default -> Field.OTHER;
    };
  }

  private static boolean matches(ByteBuffer bytes, byte[] name) {
    int start = bytes.position();
    for (int i = 0; i < name.length; i++) {
      if (bytes.get(start + i) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
