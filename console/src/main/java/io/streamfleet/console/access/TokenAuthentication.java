package io.streamfleet.console.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.console.cluster.Cluster;
import io.streamfleet.console.shared.Shared;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Asks the cluster whose token a request carries. */
public final class TokenAuthentication implements Authentication {

  /** A token that was revoked opens nothing any more after this time. */
  private static final Duration REMEMBERED = Duration.ofSeconds(30);

  /** Some for each of the users; what is beyond is asked for again. */
  private static final int MOST = 1_000;

  /** Tokens of service accounts have some 1,200 characters, those of OIDC up to 4,000. */
  private static final int LONGEST = 16_384;

  /** Reviews at a time: somebody who guesses tokens must not flood the API server. */
  private static final int AT_ONCE = 4;

  private static final String PATH = "/apis/authentication.k8s.io/v1/tokenreviews";

  private final Cluster cluster;
  private final Shared<String, Optional<Caller>> known = new Shared<>(REMEMBERED, MOST);
  private final Semaphore room = new Semaphore(AT_ONCE);

  public TokenAuthentication(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Optional<Caller> caller(Credential credential) {
    // The token itself is kept nowhere.
    return credential
        .bearer()
        .filter(token -> token.length() <= LONGEST)
        .flatMap(token -> known.get(hash(token), () -> reviewed(token)));
  }

  private Optional<Caller> reviewed(String token) {
    room.acquireUninterruptibly();
    try {
      return review(token);
    } finally {
      room.release();
    }
  }

  private Optional<Caller> review(String token) {
    ObjectNode review = JsonNodeFactory.instance.objectNode();
    review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenReview");
    review.putObject("spec").put("token", token);
    JsonNode status = cluster.create(PATH, review).path("status");
    String user = status.path("user").path("username").asText("");
    if (!status.path("authenticated").asBoolean(false) || user.isEmpty()) {
      return Optional.empty();
    }
    List<String> groups = new ArrayList<>();
    status.path("user").path("groups").forEach(group -> groups.add(group.asText()));
    return Optional.of(new Caller(user, groups));
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
