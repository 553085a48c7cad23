package io.streamfleet.console.access;

import io.streamfleet.console.cluster.FleetKey;

/** What a user may do with a fleet. */
public interface Permissions {

  /** Whether a user may see it. */
  boolean maySee(Caller caller, FleetKey fleet);

  /** Whether a user may change it, and what is in its Redis. */
  boolean mayChange(Caller caller, FleetKey fleet);

  /** For a console that only its own user reaches. */
  static Permissions everything() {
    return new Permissions() {
      @Override
      public boolean maySee(Caller caller, FleetKey fleet) {
        return true;
      }

      @Override
      public boolean mayChange(Caller caller, FleetKey fleet) {
        return true;
      }
    };
  }
}
