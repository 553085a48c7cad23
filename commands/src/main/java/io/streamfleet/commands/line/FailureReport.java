package io.streamfleet.commands.line;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.redis.Failures;
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
                      + told(away)
                      + "; check that it runs and that spec.redis, or --redis-url, says where");
      case RedisException refused -> command.getErr().println("Redis failed: " + told(refused));
      default -> throw failure;
    }
    return ExitCode.SOFTWARE;
  }

  /** Where it failed, and the first cause of all: only that one tells why. */
  private static String told(Throwable failure) {
    String why = Failures.line(Failures.root(failure));
    String where = failure.getMessage();
    Throwable cause = failure.getCause();
    return where == null || cause == null || where.equals(cause.toString()) || why.equals(where)
        ? why
        : where + ": " + why;
  }
}
