package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** One thing for each stream that a pipeline reads, in the manifest's order. */
final class ByStream<T> implements Iterable<T> {

  /** By identity: there is one object for each stream, and every entry asks. */
  private final IdentityHashMap<StreamConsumer, T> byStream = new IdentityHashMap<>();

  private final List<T> all = new ArrayList<>();

  ByStream(List<StreamConsumer> streams, Function<StreamConsumer, T> make) {
    for (StreamConsumer stream : streams) {
      T made = make.apply(stream);
      byStream.put(stream, made);
      all.add(made);
    }
  }

  T of(Entry entry) {
    return of(entry.streamName());
  }

  T of(StreamConsumer stream) {
    T found = byStream.get(stream);
    if (found == null) {
      throw new IllegalStateException("nothing here reads " + stream.stream());
    }
    return found;
  }

  /** All of them; may not be changed. */
  List<T> all() {
    return all;
  }

  @Override
  public Iterator<T> iterator() {
    return all.iterator();
  }
}
