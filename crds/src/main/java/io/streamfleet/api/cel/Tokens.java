package io.streamfleet.api.cel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of one rule, consumed from left to right. */
final class Tokens {

  enum Kind {
    NAME,
    NUMBER,
    TEXT,
    SYMBOL,
    END
  }

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:([A-Za-z_]\\w*)|(\\d+)|'((?:[^'\\\\]|\\\\.)*)'"
              + "|(&&|\\|\\||==|!=|<=|>=|[-<>!.,()\\[\\]]))");

  private final String rule;
  private final Matcher matcher;
  private Kind kind = Kind.END;
  private String token = "";

  Tokens(String rule) {
    this.rule = rule;
    this.matcher = TOKEN.matcher(rule);
    advance();
  }

  Kind kind() {
    return kind;
  }

  /** Consumes the current token, whatever it is. */
  String take() {
    String taken = token;
    advance();
    return taken;
  }

  /** Consumes the current token if it is of that kind, else throws. */
  String take(Kind expected) {
    if (kind != expected) {
      throw unsupported("expected a " + expected);
    }
    return take();
  }

  /** Consumes the symbol or word if it is the current token; returns whether it was. */
  boolean skip(String expected) {
    boolean found = kind != Kind.TEXT && token.equals(expected);
    if (found) {
      advance();
    }
    return found;
  }

  void require(String expected) {
    if (!skip(expected)) {
      throw unsupported("expected " + expected);
    }
  }

  IllegalArgumentException unsupported(String reason) {
    return new IllegalArgumentException(
        "cannot run the rule %s: %s before position %d"
            .formatted(rule, reason, matcher.regionStart()));
  }

  private void advance() {
    if (rule.substring(matcher.regionStart()).isBlank()) {
      kind = Kind.END;
      token = "";
    } else if (!matcher.lookingAt()) {
      throw unsupported("no known token");
    } else {
      classify();
      matcher.region(matcher.end(), rule.length());
    }
  }

  private void classify() {
    Kind[] kinds = {Kind.NAME, Kind.NUMBER, Kind.TEXT, Kind.SYMBOL};
    for (int i = 0; i < kinds.length; i++) {
      String group = matcher.group(i + 1);
      if (group != null) {
        kind = kinds[i];
        token = kind == Kind.TEXT ? group.replaceAll("\\\\(.)", "$1") : group;
      }
    }
  }
}
