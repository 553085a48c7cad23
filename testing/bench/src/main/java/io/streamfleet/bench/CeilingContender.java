package io.streamfleet.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The maximum of the client library, the reference for the others.
 *
 * @param inFlight concurrent reads
 */
record CeilingContender(int inFlight) implements Contender {

  @Override
  public String name() {
    return "ceiling, %d read(s) in flight".formatted(inFlight);
  }

  @Override
  public String version() {
    return "Lettuce " + Machine.lettuce();
  }

  @Override
  public String configuration() {
    return "XREADGROUP COUNT %d and one XACK for each, pipelined".formatted(Ceiling.BATCH);
  }

  @Override
  public List<String> doesNotGuarantee() {
    return List.of("anything: it decodes and handles nothing");
  }

  @Override
  public boolean takes(Work work) {
    return !work.ordered() && work.handler() instanceof Work.Discard && !work.traced();
  }

  @Override
  public int readers() {
    return 0;
  }

  @Override
  public Child start(Lab lab, Work work, String consumer) throws IOException {
    List<String> arguments = new ArrayList<>(lab.jvmOptions());
    arguments.addAll(lab.fromClassPath(Ceiling.class.getName()));
    arguments.addAll(
        List.of(lab.redis().url(), work.stream(), Lab.GROUP, consumer, Integer.toString(inFlight)));
    return Child.start(lab.log(consumer), arguments);
  }
}
