package io.streamfleet.worker.settle;

import java.util.List;

/** Why an entry became a dead letter: the field {@code reason} and the label of the metric. */
public final class DeadLetterReason {

  /** The payload, or another field, cannot be decoded. */
  public static final String UNDECODABLE = "undecodable";

  /** The entry has a schema version that this worker does not know. */
  public static final String SCHEMA = "schema";

  /** The payload is larger than a worker may load. */
  public static final String TOO_LARGE = "too_large";

  /** The stream was trimmed while the entry was pending. */
  public static final String PAYLOAD_LOST = "payload_lost";

  /** The handler reported a failure that no other attempt can avoid. */
  public static final String PERMANENT = "permanent_failure";

  /** The last attempt failed. */
  public static final String MAX_ATTEMPTS = "max_attempts";

  /** Its worker died each time that the entry ran alone, up to the limit. */
  public static final String KILLED_WORKER = "killed_worker";

  /** The connection broke in its last attempt, while it ran alone at the handler's endpoint. */
  public static final String KILLED_ENDPOINT = "killed_endpoint";

  /** Delivered too often without being settled: it may kill its workers. */
  public static final String MAX_DELIVERIES = "max_deliveries";

  /** All reasons, for metrics that must exist from the start. */
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
