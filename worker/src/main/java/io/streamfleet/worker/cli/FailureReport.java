package io.streamfleet.worker.cli;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.streamfleet.api.InvalidManifest;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells a person in one line what a trace of the stack would hide. */
public final class FailureReport implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    switch (failure) {
      case InvalidManifest invalid -> {
        command.getErr().println(invalid.getMessage());
        return ExitCode.USAGE;
      }
      case RedisConnectionException away ->
          command
              .getErr()
              .println(
                  "cannot reach Redis: "
                      + chain(away)
                      + "; check that it runs and that spec.redis, or --redis-url, says where");
      case RedisException refused -> command.getErr().println("Redis failed: " + chain(refused));
      default -> throw failure;
    }
    return ExitCode.SOFTWARE;
  }

  /** The message and those of its causes, each once: only the last one tells why. */
  private static String chain(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && text.indexOf(message) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(message);
      }
    }
    return text.isEmpty() ? failure.getClass().getSimpleName() : text.toString();
  }
}
