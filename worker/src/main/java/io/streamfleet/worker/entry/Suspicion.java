package io.streamfleet.worker.entry;

/**
 * Why an entry is suspected of killing the process that handles it.
 *
 * @param deaths how many processes died while their handlers ran it
 * @param alone how often it was started alone and its handler did not end
 * @param gone how often a pod was deleted while the entry was in flight there, started or not
 */
public record Suspicion(int deaths, int alone, int gone) {

  /**
   * So many lost pods say nothing about an entry: a node may fail by chance, with many entries in
   * flight.
   */
  private static final int GONE_BY_CHANCE = 2;

  /** The entry is not suspected. */
  public static final Suspicion NONE = new Suspicion(0, 0, 0);

  /** The number of deaths that the entry may have caused; 0 if it is not suspected. */
  public int level() {
    return deaths + Math.max(0, gone - GONE_BY_CHANCE);
  }

  /** A copy with another number of starts alone. */
  public Suspicion withAlone(int times) {
    return new Suspicion(deaths, times, gone);
  }
}
