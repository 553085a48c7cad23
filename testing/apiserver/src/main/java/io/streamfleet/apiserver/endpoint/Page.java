package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.store.Listing;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of a list. Later pages show the present objects under the version of the first page: a
 * watch from there sees everything that happened since.
 *
 * @param next the continue token; empty for the last page
 * @param remaining how many objects follow this page
 */
record Page(List<ObjectNode> items, long version, String next, int remaining) {

  private static final Pattern TOKEN = Pattern.compile("(\\d+) (.*)");

  static Page of(Listing listing, String limit, String token) {
    List<ObjectNode> items = listing.items();
    long version = listing.version();
    if (!token.isEmpty()) {
      Matcher matcher = TOKEN.matcher(decoded(token));
      if (!matcher.matches()) {
        throw ApiFailure.badRequest("the continue token is not valid");
      }
      version = Long.parseLong(matcher.group(1));
      String after = matcher.group(2);
      items = items.stream().filter(item -> place(item).compareTo(after) > 0).toList();
    }
    int size = limit.isEmpty() || limit.equals("0") ? items.size() : Integer.parseInt(limit);
    if (size >= items.size()) {
      return new Page(items, version, "", 0);
    }
    List<ObjectNode> page = items.subList(0, size);
    return new Page(
        page, version, encoded(version + " " + place(page.getLast())), items.size() - size);
  }

  /** Sorts like the store: by namespace, then by name. */
  private static String place(ObjectNode object) {
    return object.path("metadata").path("namespace").asText()
        + '\0'
        + object.path("metadata").path("name").asText();
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiFailure.badRequest("the continue token is not valid");
    }
  }
}
