package io.streamfleet.worker.entry;

/** What a machine can be out of, so that no handler can work, whatever its message. */
public enum MachineFault {
  OPEN_FILES(
      "open_files", "too many open files: raise the limit (ulimit -n), or lower maxInFlight"),
  THREADS("threads", "no more threads can be made: raise the limit of processes (ulimit -u)"),
  MEMORY("memory", "memory outside of the heap is used up: raise the memory limit"),
  DISK("disk", "the disk is full, or cannot be written"),
  PORTS("ports", "no local address or port is free for one more connection");

  private final String label;
  private final String advice;

  MachineFault(String label, String advice) {
    this.label = label;
    this.advice = advice;
  }

  /** The label {@code fault} of {@code streamfleet_machine_faults_total}. */
  public String label() {
    return label;
  }

  /** What it is, and what helps. */
  public String advice() {
    return advice;
  }
}
