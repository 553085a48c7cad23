package io.streamfleet.worker.run;

/**
 * The commands beside a plain {@code run}. The worker knows nothing of them: they come as a service
 * (see {@link java.util.ServiceLoader}) where they are on the class path, as in the jar that is
 * shipped.
 */
public interface OtherCommands {

  /**
   * Does what the arguments say.
   *
   * @return the exit status
   */
  int execute(String... arguments);
}
