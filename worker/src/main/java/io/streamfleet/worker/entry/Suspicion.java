package io.streamfleet.worker.entry;

/**
 * Why an entry may be one that kills the process that handles it.
 *
 * @param deaths how many workers died while their handlers were at it, and at others
 * @param alone how often a handler began with it while no other was at work, and did not come to an
 *     end
 * @param gone how often a worker went for good that had it, begun or not
 */
public record Suspicion(int deaths, int alone, int gone) {

  /**
   * A worker's machine may go for good by chance, and takes many entries along: so often that says
   * nothing of an entry.
   */
  private static final int GONE_BY_CHANCE = 2;

  /** The first one dies: see {@link #deaths}. */
  public static final Suspicion NONE = new Suspicion(0, 0, 0);

  /** How strong it is: the number of deaths of which this one may be the reason. */
  public int level() {
    return deaths + Math.max(0, gone - GONE_BY_CHANCE);
  }

  /** The same with another number of times alone. */
  public Suspicion withAlone(int times) {
    return new Suspicion(deaths, times, gone);
  }
}
