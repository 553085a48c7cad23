package io.streamfleet.process.log;

/** The format of log lines; both have the same keys in the same order. */
public enum LogFormat {
  /** {@code ts=… level=info logger=… msg="…" key=value}: for people. */
  LOGFMT {
    @Override
    LineWriter line(StringBuilder out) {
      return new LogfmtLine(out);
    }
  },
  /** One JSON object for each line: for machines. */
  JSON {
    @Override
    LineWriter line(StringBuilder out) {
      return new JsonLine(out);
    }
  };

  abstract LineWriter line(StringBuilder out);
}
