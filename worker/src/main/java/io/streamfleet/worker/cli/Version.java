package io.streamfleet.worker.cli;

/** The version in the jar's manifest. */
final class Version {

  private Version() {}

  /** The worker's version; {@code development} outside the jar. */
  static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
