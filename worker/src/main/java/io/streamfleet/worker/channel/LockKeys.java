package io.streamfleet.worker.channel;

import io.streamfleet.worker.entry.Entry;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The key of the lock of an entry. Depending on the template, channels of the same name on
 * different platforms, or in different directions, have different locks.
 */
public final class LockKeys {

  private static final String CHANNEL = "{channel}";
  private static final String PLATFORM = "{platform}";

  private final String template;
  private final boolean ofPayload;
  private final List<String> aroundChannel;

  /**
   * @param template the template of the manifest
   * @param platform the platform of the stream; if empty, each payload names its own
   */
  public LockKeys(String template, Optional<String> platform) {
    this.template = platform.map(name -> template.replace(PLATFORM, name)).orElse(template);
    this.ofPayload = this.template.contains(PLATFORM);
    this.aroundChannel = List.of(this.template.split(Pattern.quote(CHANNEL), -1));
  }

  /**
   * Identifies the entries that take the same lock: by the channel, or by the key if it depends on
   * the platform of the payload. Called for every entry; it is cheap in the first case.
   */
  public String groupOf(Entry entry) {
    return ofPayload ? keyOf(entry) : entry.channel();
  }

  /** The lock's key. Placeholders within names of channels and platforms are not replaced. */
  public String keyOf(Entry entry) {
    if (!ofPayload) {
      return template.replace(CHANNEL, entry.channel());
    }
    String platform = entry.header().platform().orElse("");
    List<String> parts = aroundChannel.stream().map(p -> p.replace(PLATFORM, platform)).toList();
    return String.join(entry.channel(), parts);
  }
}
