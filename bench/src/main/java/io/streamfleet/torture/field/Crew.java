package io.streamfleet.torture.field;

import java.io.IOException;
import java.nio.file.Path;

/** Who keeps the workers of a run alive. */
public interface Crew {

  /**
   * Has everything ready; no worker is there yet.
   *
   * @param folder where manifests and logs go
   */
  Workers gather(
      Journal journal, RedisPlace redis, HandlerServer handler, Manifest manifest, Path folder)
      throws IOException;
}
