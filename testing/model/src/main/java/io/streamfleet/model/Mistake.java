package io.streamfleet.model;

/** A fault that can be built into the protocol, which the checker then has to find. */
public enum Mistake {
  /** A lease is known by the name of its owner, not by a token of each grant. */
  NO_EPOCH,
  /** A lease is granted while its owner has not released it. */
  GRANT_BEFORE_REVOKE,
  /** Entries are settled whoever has the lease. */
  SETTLE_WITHOUT_LEASE,
  /** A new owner reads before it took what is pending. */
  NEW_BEFORE_PENDING,
  /** Entries are read whoever has the lease. */
  READ_WITHOUT_FENCE,
  /** A read whose answer is lost is sent again. */
  READ_SENT_AGAIN,
  /** An owner that looks at what is pending again leaves the fence as it is. */
  FENCE_KEPT,
  /** A settlement does not say how many came before it. */
  SETTLEMENTS_NOT_COUNTED,
  /** A settlement counts whose entries are not pending, since a failover lost their delivery. */
  SETTLED_IN_VAIN,
  /** The epoch is the one before, plus 1. */
  EPOCH_OF_REDIS_ALONE,
  /** An owner begins before replicas have its lease. */
  GRANT_NOT_REPLICATED,
  /** Handlers are begun without a look at the clock. */
  BEGIN_WITHOUT_CLOCK,
  /** A planned move does not wait for the handlers that run. */
  MOVE_WITHOUT_DRAIN,
  /** A renewal counts for its sender before a failover could no longer lose it. */
  RENEWAL_TRUSTED_AT_ONCE,
  /** The lease of who died does not run out. */
  NO_EXPIRY,
  /** What was counted is compared only when something is settled. */
  IDLE_UNCHECKED,
  /** A partition takes an entry whatever its splitter appended before. */
  APPEND_WITHOUT_CHAIN,
  /** A splitter acknowledges what replicas may lack. */
  APPEND_NOT_REPLICATED
}
