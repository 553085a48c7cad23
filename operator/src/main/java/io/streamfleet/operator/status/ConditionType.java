package io.streamfleet.operator.status;

/**
 * The aspects of a resource's state. All are good when True, as the API conventions ask for, save
 * {@link #Paused} and {@link #IntakePaused}, which are neither.
 *
 * @see <a
 *     href="https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties">API
 *     conventions</a>
 */
public enum ConditionType {
  /** The workers are as the resource wants them, all of them available. */
  Ready,
  /** The operator reaches Redis and is let in. */
  RedisReachable,
  /** As many workers as wanted are available. */
  WorkersAvailable,
  /** Every Secret and ConfigMap that the resource names is there. */
  ReferencesResolved,
  /** The number of workers follows the lag. Only where the resource asks for it. */
  AutoscalingAvailable,
  /** Prometheus finds the workers by a PodMonitor. Only where the resource asks for it. */
  MonitoringAvailable,
  /** All workers run by the settings of the resource. */
  SettingsApplied,
  /** Nothing more is taken in of a direction or a platform. Only while that is so. */
  IntakePaused,
  /** The operator leaves everything as it is. Only while it does. */
  Paused
}
