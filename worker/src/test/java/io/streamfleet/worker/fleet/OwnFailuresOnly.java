package io.streamfleet.worker.fleet;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Keeps tests apart that run side by side: unless told otherwise, who waits by Awaitility fails by
 * what is thrown on any thread of the process, another test's among them.
 */
public final class OwnFailuresOnly implements BeforeAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.doNotCatchUncaughtExceptionsByDefault();
  }
}
