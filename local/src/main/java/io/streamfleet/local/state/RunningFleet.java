package io.streamfleet.local.state;

import java.time.Instant;

/**
 * What the process of a fleet writes about itself.
 *
 * @param pid of the process
 * @param started its start time in milliseconds since 1970, because process ids are reused
 * @param apiUrl of the API server
 * @param redisUrl of the Redis
 */
public record RunningFleet(long pid, long started, String apiUrl, String redisUrl) {

  /** This process. */
  public static RunningFleet here(String apiUrl, String redisUrl) {
    ProcessHandle here = ProcessHandle.current();
    long started = here.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
    return new RunningFleet(here.pid(), started, apiUrl, redisUrl);
  }
}
