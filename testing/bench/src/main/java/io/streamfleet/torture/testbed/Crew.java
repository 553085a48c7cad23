package io.streamfleet.torture.testbed;

import io.streamfleet.torture.plan.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Who keeps the workers of a run alive. */
public interface Crew {

  /**
   * Has everything ready; no worker is there yet.
   *
   * @param parts what there is beside the usual faults
   * @param folder where manifests and logs go
   */
  Workers gather(
      Journal journal,
      RedisPlace redis,
      HandlerServer handler,
      Manifest manifest,
      Set<Part> parts,
      Path folder)
      throws IOException;
}
