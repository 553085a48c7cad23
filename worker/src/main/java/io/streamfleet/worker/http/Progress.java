package io.streamfleet.worker.http;

/** How far an exchange came. */
public enum Progress {
  /** There is no connection yet: nothing was sent. */
  CONNECTING,
  /** A part of the request is not out yet, so the server can't have it whole. */
  SENDING,
  /** The whole request is out. */
  SENT,
  /** Status and headers of the answer are there. */
  ANSWERED
}
