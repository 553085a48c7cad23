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
    return beside(link, partition, ":lease:" + group);
  }

  /**
   * A key that exists only as long as its owner may read a partition, in the slot of its stream.
   *
   * @param partition the stream of the partition
   * @param name never used twice
   * @throws IllegalArgumentException if it has no slot of its own
   */
  public String fence(Link link, String partition, String name) {
    return beside(link, partition, ":fence:" + group + ":" + name);
  }

  private static String beside(Link link, String partition, String suffix) {
    return link.beside(partition, suffix)
        .orElseThrow(() -> new IllegalArgumentException(partition + " has braces that are no tag"));
  }
}
