package io.streamfleet.bench;

import java.util.List;

/** The worker by another manifest, or with something beside it. */
interface WorkerVariant extends Contender {

  /** The worker as it is measured elsewhere. */
  WorkerContender worker();

  @Override
  default String name() {
    return worker().name();
  }

  @Override
  default String version() {
    return worker().version();
  }

  @Override
  default String configuration() {
    return worker().configuration();
  }

  @Override
  default List<String> doesNotGuarantee() {
    return worker().doesNotGuarantee();
  }
}
