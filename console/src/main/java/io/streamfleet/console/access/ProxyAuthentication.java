package io.streamfleet.console.access;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Believes the header in which a proxy names the user, from the proxy's addresses only: anybody
 * else could write the same header.
 */
public final class ProxyAuthentication implements Authentication {

  private final List<AddressRange> proxies;
  private final String userHeader;
  private final String groupsHeader;

  /**
   * @param proxies addresses, or ranges such as 10.0.0.0/8
   * @throws IllegalArgumentException if one is neither
   */
  public ProxyAuthentication(Set<String> proxies, String userHeader, String groupsHeader) {
    this.proxies = proxies.stream().map(AddressRange::of).toList();
    this.userHeader = userHeader;
    this.groupsHeader = groupsHeader;
  }

  @Override
  public Optional<Caller> caller(Credential credential) {
    if (proxies.stream().noneMatch(it -> it.contains(credential.peer()))) {
      return Optional.empty();
    }
    return credential
        .header()
        .apply(userHeader)
        .map(String::strip)
        // What the cluster itself calls its own parts is no name of a person.
        .filter(user -> !user.isEmpty() && !user.startsWith("system:"))
        .map(user -> new Caller(user, groups(credential)));
  }

  private List<String> groups(Credential credential) {
    return credential.header().apply(groupsHeader).stream()
        .flatMap(text -> Arrays.stream(text.split(",", -1)))
        .map(String::strip)
        .filter(group -> !group.isEmpty() && !group.startsWith("system:"))
        .collect(Collectors.toList());
  }
}
