package io.streamfleet.commands.check;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.line.Text;
import java.util.Optional;

/**
 * The result of one check.
 *
 * @param check the subject of the check, such as {@code clocks}
 * @param found the state that was found
 * @param remedy how to fix the problem; empty if there is none
 * @param link the section of the documentation with more details, as a path from the root of the
 *     repository
 */
record Finding(
    String check, Severity severity, String found, Optional<String> remedy, String link) {

  enum Severity {
    OK,
    /** Works now but is going to cause trouble under load or in a failure, or can't be checked. */
    WARNING,
    /** Entries are not handled, or can get lost. */
    ERROR
  }

  static Finding ok(String check, String found, String link) {
    return new Finding(check, Severity.OK, found, Optional.empty(), link);
  }

  static Finding warning(String check, String found, String remedy, String link) {
    return new Finding(check, Severity.WARNING, found, Optional.of(remedy), link);
  }

  static Finding error(String check, String found, String remedy, String link) {
    return new Finding(check, Severity.ERROR, found, Optional.of(remedy), link);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("check", check);
    json.put("severity", Text.word(severity));
    json.put("found", found);
    json.put("remedy", remedy.orElse(null));
    json.put("link", link);
    return json;
  }
}
