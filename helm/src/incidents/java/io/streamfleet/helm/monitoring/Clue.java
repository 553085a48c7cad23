package io.streamfleet.helm.monitoring;

import java.util.regex.Pattern;

/**
 * What leads from an alert to its cause.
 *
 * @param alert that fires
 * @param command one that the alert's section of the runbook gives, or its beginning
 * @param tells what it has to print in this incident
 */
record Clue(String alert, String command, Pattern tells) {

  Clue(String alert, String command, String tells) {
    this(alert, command, Pattern.compile(tells, Pattern.MULTILINE));
  }
}
