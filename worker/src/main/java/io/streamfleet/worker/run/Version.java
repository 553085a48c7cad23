package io.streamfleet.worker.run;

/** The version in the jar's manifest. */
public final class Version {

  private Version() {}

  /** The worker's version; {@code development} outside the jar. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
