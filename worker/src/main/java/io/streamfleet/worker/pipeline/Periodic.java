package io.streamfleet.worker.pipeline;

/** What a pipeline does again and again as long as it runs. Belongs to the pipeline's loop. */
record Periodic(
    Pipeline pipeline, PipelineSettings settings, Standstill standstill, LongestCall longest) {

  void start() {
    renewLater();
    look();
  }

  private void look() {
    standstill.look(pipeline);
    longest.look(pipeline);
    pipeline.loop().after(Standstill.INTERVAL, this::look);
  }

  private void renewLater() {
    pipeline
        .loop()
        .after(
            settings.autoclaim().minIdle().dividedBy(3),
            () -> {
              pipeline.flows().forEach(Flow::renewAll);
              renewLater();
            });
  }
}
