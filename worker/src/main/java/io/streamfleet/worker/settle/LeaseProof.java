package io.streamfleet.worker.settle;

import io.streamfleet.redis.Script;

/**
 * What a script that settles an entry shows of the lease under which it does so.
 *
 * @param lease the key of the lease; empty where there is none to show
 * @param number how many settlements Redis took under the grant before this one, plus 1; one that
 *     is sent again keeps its number
 */
public record LeaseProof(String lease, String token, long number) {

  /** Functions for scripts to come after: see the file. */
  public static final Script FUNCTIONS = Script.beside(LeaseProof.class, "lease.lua");

  /** For streams without partitions. */
  public static final LeaseProof NONE = new LeaseProof("", "", 0);
}
