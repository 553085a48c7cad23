package io.streamfleet.process.log;

/** How a line of the log is written; both carry the same keys in the same order. */
public enum LogFormat {
  /** {@code ts=… level=info logger=… msg="…" key=value}: for people. */
  LOGFMT {
    @Override
    LineWriter line(StringBuilder out) {
      return new LogfmtLine(out);
    }
  },
  /** One JSON object a line: for machines. */
  JSON {
    @Override
    LineWriter line(StringBuilder out) {
      return new JsonLine(out);
    }
  };

  abstract LineWriter line(StringBuilder out);
}
