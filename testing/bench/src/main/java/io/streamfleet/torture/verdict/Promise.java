package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.Evidence;
import java.util.List;

/** One of the guarantees, and how it is told from the evidence whether it was kept. */
interface Promise {

  List<Violation> broken(Evidence evidence);
}
