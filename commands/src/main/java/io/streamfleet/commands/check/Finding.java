package io.streamfleet.commands.check;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.line.Text;
import java.util.Optional;

/**
 * What one check found.
 *
 * @param check what was looked at, one word
 * @param found what is so
 * @param remedy what mends it; none where all is well
 * @param link the section of the documentation that says more, from the root of the repository
 */
record Finding(
    String check, Severity severity, String found, Optional<String> remedy, String link) {

  /** How bad it is. */
  enum Severity {
    OK,
    /** It works, and will not at a bad moment; or it could not be looked at. */
    WARNING,
    /** Entries are not handled, or may be lost. */
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
