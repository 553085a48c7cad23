package io.streamfleet.commands.line;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.streamfleet.api.InvalidManifest;
import io.streamfleet.redis.Failures;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Reports an invalid manifest or a failure of Redis on standard error in one line, without a stack
 * trace. Other exceptions are bugs, and are thrown.
 */
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
                      + message(away)
                      + "; check that it runs, and the address in spec.redis or --redis-url");
      case RedisException refused -> command.getErr().println("Redis failed: " + message(refused));
      default -> throw failure;
    }
    return ExitCode.SOFTWARE;
  }

  /** The message of the failure, such as the address, with the root cause. */
  private static String message(Throwable failure) {
    String why = Failures.line(Failures.root(failure));
    String where = failure.getMessage();
    Throwable cause = failure.getCause();
    return where == null || cause == null || where.equals(cause.toString()) || why.equals(where)
        ? why
        : where + ": " + why;
  }
}
