package io.streamfleet.operator.status;

/**
 * The types of conditions. True is the good state, as the API conventions ask for, except for
 * {@link #Paused} and {@link #IntakePaused}, which are neutral.
 *
 * @see <a
 *     href="https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties">API
 *     conventions</a>
 */
public enum ConditionType {
  /** The workers match the resource, and all of them are available. */
  Ready,
  /** The operator can connect to Redis and authenticate. */
  RedisReachable,
  /** As many workers as wanted are available. */
  WorkersAvailable,
  /** Every Secret and ConfigMap that the resource refers to exists. */
  ReferencesResolved,
  /** The number of workers follows the lag. Only if the resource asks for it. */
  AutoscalingAvailable,
  /** Prometheus finds the workers by a PodMonitor. Only if the resource asks for it. */
  MonitoringAvailable,
  /** All workers run with the present settings of the resource. */
  SettingsApplied,
  /** No worker has an open breaker: all messages are sent to their handlers. */
  HandlersAvailable,
  /** Each partition has a worker. Only if a stream has partitions. */
  PartitionsOwned,
  /** The intake of a direction or platform is paused. Present only while it is. */
  IntakePaused,
  /** The operator changes nothing. Present only while that is so. */
  Paused
}
