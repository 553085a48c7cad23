package io.streamfleet.redis.group;

import io.streamfleet.redis.Link;

/**
 * The keys by which workers share the partitions of a stream in a group; see docs/partitions.md.
 *
 * @param stream the stream that has partitions
 */
public record PartitionKeys(String stream, String group) {

  /** The workers that are there. */
  public String members() {
    return stream + ":members:" + group;
  }

  /** How many partitions all workers go by. */
  public String count() {
    return stream + ":partitions:" + group;
  }

  /**
   * The lease of a partition, in the slot of its stream.
   *
   * @param partition the stream of the partition
   * @throws IllegalArgumentException if it has no slot of its own
   */
  public String lease(Link link, String partition) {
    return link.beside(partition, ":lease:" + group)
        .orElseThrow(() -> new IllegalArgumentException(partition + " has braces that are no tag"));
  }
}
