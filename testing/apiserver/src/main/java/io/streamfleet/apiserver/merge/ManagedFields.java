package io.streamfleet.apiserver.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Who owns which fields of an object: {@code metadata.managedFields}. */
record ManagedFields(List<Entry> entries) {

  /** The fields of one manager and operation. */
  record Entry(FieldManager manager, String time, FieldSet fields) {

    Entry without(FieldSet lost) {
      return new Entry(manager, time, fields.minus(lost));
    }
  }

  static ManagedFields of(JsonNode object) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      entries.add(
          new Entry(
              new FieldManager(
                  entry.path("manager").asText(),
                  FieldManager.Operation.valueOf(entry.path("operation").asText()),
                  entry.path("apiVersion").asText(),
                  entry.path("subresource").asText()),
              entry.path("time").asText(),
              FieldSet.fromJson(entry.path("fieldsV1"))));
    }
    return new ManagedFields(List.copyOf(entries));
  }

  /** The fields of a manager. */
  FieldSet ownedBy(FieldManager manager) {
    return entries.stream()
        .filter(entry -> entry.manager().isSameAs(manager))
        .map(Entry::fields)
        .reduce(FieldSet.EMPTY, FieldSet::union);
  }

  /** The fields of all other managers. */
  List<Entry> others(FieldManager manager) {
    return entries.stream().filter(entry -> !entry.manager().isSameAs(manager)).toList();
  }

  /** The same with other fields for a manager; its time changes only if they did. */
  ManagedFields with(FieldManager manager, FieldSet fields, List<Entry> others, String now) {
    List<Entry> next = new ArrayList<>();
    others.stream().filter(entry -> !entry.fields().isEmpty()).forEach(next::add);
    if (!fields.isEmpty()) {
      String time =
          entries.stream()
              .filter(entry -> entry.manager().isSameAs(manager) && entry.fields().equals(fields))
              .map(Entry::time)
              .findFirst()
              .orElse(now);
      next.add(new Entry(manager, time, fields));
    }
    next.sort(
        java.util.Comparator.comparing((Entry entry) -> entry.manager().operation())
            .thenComparing(Entry::time)
            .thenComparing(entry -> entry.manager().name())
            .thenComparing(entry -> entry.manager().subresource()));
    return new ManagedFields(next);
  }

  /** Writes them into an object. */
  void writeTo(ObjectNode object) {
    ObjectNode metadata = object.withObject("/metadata");
    metadata.remove("managedFields");
    ArrayNode array = metadata.arrayNode();
    for (Entry entry : entries) {
      ObjectNode json = array.addObject();
      FieldManager manager = entry.manager();
      json.put("manager", manager.name())
          .put("operation", manager.operation().name())
          .put("apiVersion", manager.apiVersion())
          .put("time", entry.time())
          .put("fieldsType", "FieldsV1")
          .set("fieldsV1", entry.fields().toJson());
      if (!manager.subresource().isEmpty()) {
        json.put("subresource", manager.subresource());
      }
    }
    if (!array.isEmpty()) {
      metadata.set("managedFields", array);
    }
  }
}
