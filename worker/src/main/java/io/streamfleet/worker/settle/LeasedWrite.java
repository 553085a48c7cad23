package io.streamfleet.worker.settle;

import java.util.function.Consumer;

/** Settles an entry by more than an acknowledgement, when its turn in its partition has come. */
public interface LeasedWrite {

  /**
   * Sends it, until Redis answers.
   *
   * @param proof what the script is to show
   * @param answered to be called on the loop with what became of it, before anything else is done
   */
  void send(LeaseProof proof, Consumer<Result> answered);

  /** Its turn will not come: the lease is lost. Called on the loop. */
  void lost();

  /** What Redis made of it. */
  enum Result {
    /** The entry is settled, and Redis counted the settlement. */
    TAKEN,
    /**
     * Nothing was written, and nothing counted: for a reason that has nothing to do with leases.
     */
    LEFT,
    /** The lease is another's, or Redis counts otherwise. */
    LOST;

    /** Of a script's reply: 1, 0 or -1 where it took or left the entry, less where it is lost. */
    public static Result of(long reply) {
      return reply == 1 ? TAKEN : reply >= -1 ? LEFT : LOST;
    }
  }
}
