package io.streamfleet.commands.line;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what is wrong with a command, without a page of help that pushes it out of sight. */
public final class UsageError implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException error, String[] args) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(error.getMessage());
    UnmatchedArgumentException.printSuggestions(error, err);
    err.println("'" + command.getCommandSpec().qualifiedName() + " --help' says what there is");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }
}
