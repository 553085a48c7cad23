package io.streamfleet.operator.check;

import io.streamfleet.api.WorkersSpec;
import io.streamfleet.operator.desired.WorkerPod;
import io.streamfleet.operator.resource.Fleet;
import java.util.Map;
import java.util.Set;

/**
 * Checks that labels and annotations are valid and not among those that the operator sets itself.
 */
final class LabelCheck {

  private static final String NAME = "([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]";
  private static final String VALUE = "(" + NAME + ")?";
  private static final String DOMAIN =
      "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

  private final Fleet fleet;
  private final Problems problems;

  LabelCheck(Fleet fleet, Problems problems) {
    this.fleet = fleet;
    this.problems = problems;
  }

  void run() {
    WorkersSpec workers = fleet.spec().workers();
    Set<String> ours = fleet.names().labels().keySet();
    labels("spec.workers.podLabels", workers.podLabels(), ours);
    labels("spec.monitoring.labels", fleet.spec().monitoring().labels(), ours);
    labels("spec.workers.nodeSelector", workers.nodeSelector(), Set.of());
    keys("spec.workers.podAnnotations", workers.podAnnotations(), Set.of(WorkerPod.CONFIG_HASH));
  }

  private void labels(String path, Map<String, String> labels, Set<String> ours) {
    keys(path, labels, ours);
    labels.forEach(
        (key, value) -> {
          if (!value.matches(VALUE)) {
            problems.add(
                path + "[" + key + "]",
                "must be the value of a label: letters, digits, -, _ and ., 63 characters at most");
          }
        });
  }

  private void keys(String path, Map<String, String> map, Set<String> ours) {
    for (String key : map.keySet()) {
      String place = path + "[" + key + "]";
      int slash = key.indexOf('/');
      if (ours.contains(key)) {
        problems.add(place, "is the operator's own: leave it out");
      } else if (!key.substring(slash + 1).matches(NAME)
          || (slash >= 0 && !key.substring(0, slash).matches(DOMAIN))) {
        problems.add(place, "must be a key such as team or example.com/team");
      }
    }
  }
}
