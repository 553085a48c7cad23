package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.Entry;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which lock an entry takes. By its template channels of one name may be apart that belong to
 * different platforms, or directions.
 */
public final class LockKeys {

  private static final String CHANNEL = "{channel}";
  private static final String PLATFORM = "{platform}";

  private final String template;
  private final boolean ofPayload;
  private final List<String> aroundChannel;

  /**
   * @param template the manifest's
   * @param platform whose stream is read; where none is given each payload names its own
   */
  public LockKeys(String template, Optional<String> platform) {
    this.template = platform.map(name -> template.replace(PLATFORM, name)).orElse(template);
    this.ofPayload = this.template.contains(PLATFORM);
    this.aroundChannel = List.of(this.template.split(Pattern.quote(CHANNEL), -1));
  }

  /**
   * What entries have in common that take the same lock: the channel, or else the key. It is asked
   * of every entry, and costs nothing as long as the template names no payload's platform.
   */
  public String groupOf(Entry entry) {
    return ofPayload ? keyOf(entry) : entry.channel();
  }

  /** The lock's key. Names come from outside, and nothing in them is replaced. */
  public String keyOf(Entry entry) {
    if (!ofPayload) {
      return template.replace(CHANNEL, entry.channel());
    }
    String platform = entry.header().platform().orElse("");
    List<String> parts = aroundChannel.stream().map(p -> p.replace(PLATFORM, platform)).toList();
    return String.join(entry.channel(), parts);
  }
}
