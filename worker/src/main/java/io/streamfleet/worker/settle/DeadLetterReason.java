package io.streamfleet.worker.settle;

import java.util.List;

/** Why an entry became a dead letter: the field {@code reason} and the metric's label. */
public final class DeadLetterReason {

  /** The payload's bytes are broken. */
  public static final String UNDECODABLE = "undecodable";

  /** The entry has a schema version that this worker does not know. */
  public static final String SCHEMA = "schema";

  /** Larger than a worker may take into its memory. */
  public static final String TOO_LARGE = "too_large";

  /** The stream was trimmed while the entry was pending. */
  public static final String PAYLOAD_LOST = "payload_lost";

  /** The handler said that trying again cannot help. */
  public static final String PERMANENT = "permanent_failure";

  /** The last attempt failed. */
  public static final String MAX_ATTEMPTS = "max_attempts";

  /** Worker after worker died of it, while they handled nothing else. */
  public static final String KILLED_WORKER = "killed_worker";

  /** The last attempt failed, with the handler's endpoint, which handled nothing else. */
  public static final String KILLED_ENDPOINT = "killed_endpoint";

  /** Delivered too often without being settled: it seems to kill its workers. */
  public static final String MAX_DELIVERIES = "max_deliveries";

  /** All of them, for metrics that shall be there from the start. */
  public static final List<String> ALL =
      List.of(
          UNDECODABLE,
          SCHEMA,
          TOO_LARGE,
          PAYLOAD_LOST,
          PERMANENT,
          MAX_ATTEMPTS,
          MAX_DELIVERIES,
          KILLED_WORKER,
          KILLED_ENDPOINT);

  private DeadLetterReason() {}
}
