package io.streamfleet.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A program that prints {@code ready}, adds one entry for each line of JSON it reads, and at the
 * end prints how many.
 */
final class Adder implements AutoCloseable {

  private final ObjectMapper json = new ObjectMapper();
  private final Process process;
  private final OutputStream lines;
  private final BufferedReader answers;

  Adder(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    lines = new BufferedOutputStream(process.getOutputStream());
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    expect("ready");
  }

  private void expect(String line) throws IOException {
    String said = answers.readLine();
    if (!line.equals(said)) {
      throw new IOException(
          "the program was to say %s, but said %s\n%s"
              .formatted(line, said, String.join("\n", answers.lines().toList())));
    }
  }

  void add(Map<String, Object> payload) throws IOException {
    lines.write(json.writeValueAsBytes(payload));
    lines.write('\n');
  }

  /** Sends everything added so far. */
  void flush() throws IOException {
    lines.flush();
  }

  /**
   * Waits until all entries are added.
   *
   * @throws IOException if their number is not the expected one
   */
  void end(long expected) throws IOException {
    lines.close();
    expect(Long.toString(expected));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
