package io.streamfleet.torture.verdict;

import io.streamfleet.torture.evidence.Evidence;
import java.util.List;

/** One of the guarantees, checked against the evidence. */
interface Promise {

  List<Violation> broken(Evidence evidence);
}
