package io.streamfleet.api;

/** Who puts the entries of a stream into its partitions. */
public enum PartitionsFrom {
  /** Those who publish: each chooses the partition of a message by its channel. */
  Publisher,
  /** A worker: it moves each entry of the plain stream to the partition of its channel. */
  Splitter
}
