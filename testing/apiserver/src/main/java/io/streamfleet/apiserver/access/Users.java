package io.streamfleet.apiserver.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The users that access reviews know: the one of the server's own token, who may do everything, and
 * those that a test adds. Only reviews are answered about these; they can't send requests.
 * Thread-safe.
 */
public final class Users {

  private static final User OWNER = new User("owner", List.of("system:masters"), access -> true);

  private final Identity identity;
  private final Map<String, User> byToken = new ConcurrentHashMap<>();

  public Users(Identity identity) {
    this.identity = identity;
  }

  /**
   * A user.
   *
   * @param may what is allowed
   */
  public record User(String name, List<String> groups, Predicate<Access> may) {}

  /**
   * What a review asks for; an empty name means any, an empty namespace all.
   *
   * @param verb such as {@code get}
   */
  public record Access(String verb, String group, String resource, String namespace, String name) {}

  /** Adds a user, who has a token. */
  public void add(String token, User user) {
    byToken.put(token, user);
  }

  /** Whose token it is. */
  public Optional<User> of(String token) {
    return identity.isOf(token) ? Optional.of(OWNER) : Optional.ofNullable(byToken.get(token));
  }

  /** Whether a user may do something; one that nobody added may do nothing. */
  public boolean may(String user, Access access) {
    return user.equals(OWNER.name())
        || byToken.values().stream()
            .anyMatch(it -> it.name().equals(user) && it.may().test(access));
  }
}
