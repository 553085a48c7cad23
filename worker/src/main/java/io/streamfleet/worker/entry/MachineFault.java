package io.streamfleet.worker.entry;

/** A resource of the machine that is used up, so that handlers fail whatever the message. */
public enum MachineFault {
  OPEN_FILES(
      "open_files", "too many open files: raise the limit (ulimit -n), or lower maxInFlight"),
  THREADS("threads", "cannot create a thread: raise the limit of processes (ulimit -u)"),
  MEMORY("memory", "memory outside of the heap is used up: raise the memory limit"),
  DISK("disk", "the disk is full or its quota is exceeded: free some space"),
  PORTS("ports", "no local address or port is free for another connection");

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

  /** What is used up, and what to do. */
  public String advice() {
    return advice;
  }
}
