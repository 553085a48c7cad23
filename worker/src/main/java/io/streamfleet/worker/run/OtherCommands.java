package io.streamfleet.worker.run;

/**
 * All commands except a plain {@code run}. The worker does not depend on them: it finds them as a
 * service (see {@link java.util.ServiceLoader}) if they are on the class path, as in the shipped
 * jar.
 */
public interface OtherCommands {

  /**
   * Executes a command line.
   *
   * @return the exit status
   */
  int execute(String... arguments);
}
