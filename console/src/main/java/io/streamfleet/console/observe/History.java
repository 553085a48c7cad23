package io.streamfleet.console.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The last looks at a fleet, for plots. Thread-safe. */
final class History {

  /** Ten minutes of looks each two seconds; 17 KB for a fleet. */
  private static final int SIZE = 300;

  /** What is plotted; unknown where a worker or Redis does not tell. */
  enum Curve {
    LAG,
    LATE,
    PENDING,
    RATE,
    P50,
    P99
  }

  private final long[] times = new long[SIZE];
  private final Map<Curve, float[]> values = new EnumMap<>(Curve.class);
  private long count;

  History() {
    for (Curve curve : Curve.values()) {
      values.put(curve, new float[SIZE]);
    }
  }

  /** Adds a look; a curve without a value is unknown then. */
  synchronized void add(long millis, Map<Curve, Double> look) {
    int at = (int) (count++ % SIZE);
    times[at] = millis;
    values.forEach((curve, line) -> line[at] = look.getOrDefault(curve, Double.NaN).floatValue());
  }

  /** The last looks: the time of each, and a list of each curve, null where it is unknown. */
  synchronized ObjectNode json(int most, Curve... curves) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    long begin = Math.max(0, count - Math.min(most, SIZE));
    ArrayNode at = json.putArray("at");
    for (long i = begin; i < count; i++) {
      at.add(times[(int) (i % SIZE)]);
    }
    for (Curve curve : curves) {
      ArrayNode line = json.putArray(curve.name().toLowerCase(Locale.ROOT));
      float[] from = values.getOrDefault(curve, new float[SIZE]);
      for (long i = begin; i < count; i++) {
        float value = from[(int) (i % SIZE)];
        if (Float.isNaN(value)) {
          line.addNull();
        } else {
          line.add(value);
        }
      }
    }
    return json;
  }
}
