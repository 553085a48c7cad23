package io.streamfleet.local.state;

import java.time.Instant;

/**
 * What the process of a fleet says of itself.
 *
 * @param pid its number
 * @param started when it was started, in milliseconds since 1970: numbers are used again
 * @param apiUrl where the API server is
 * @param redisUrl where the Redis is
 */
public record RunningFleet(long pid, long started, String apiUrl, String redisUrl) {

  /** This process. */
  public static RunningFleet here(String apiUrl, String redisUrl) {
    ProcessHandle here = ProcessHandle.current();
    long started = here.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
    return new RunningFleet(here.pid(), started, apiUrl, redisUrl);
  }
}
