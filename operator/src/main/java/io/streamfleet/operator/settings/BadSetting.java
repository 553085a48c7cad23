package io.streamfleet.operator.settings;

/** The environment says what the operator can't use. The message names the variable. */
public final class BadSetting extends RuntimeException {

  private static final long serialVersionUID = 1;

  BadSetting(String message) {
    super(message);
  }
}
