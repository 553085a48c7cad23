package io.streamfleet.console.settings;

/** An environment variable has an invalid value. The message names the variable. */
public final class BadSetting extends RuntimeException {

  private static final long serialVersionUID = 1;

  BadSetting(String message) {
    super(message);
  }
}
