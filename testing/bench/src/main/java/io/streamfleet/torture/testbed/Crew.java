package io.streamfleet.torture.testbed;

import io.streamfleet.torture.plan.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Keeps the workers of a run alive. */
public interface Crew {

  /**
   * Prepares everything; no worker is running yet.
   *
   * @param parts the optional faults
   * @param folder for manifests and logs
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
