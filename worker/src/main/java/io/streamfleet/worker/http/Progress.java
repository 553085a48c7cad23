package io.streamfleet.worker.http;

/** How far an exchange has come. */
public enum Progress {
  /** There is no connection yet: nothing was sent. */
  CONNECTING,
  /** Part of the request was not sent yet, so the server can't have received all of it. */
  SENDING,
  /** The whole request was sent. */
  SENT,
  /** Status and headers of the answer have arrived. */
  ANSWERED
}
