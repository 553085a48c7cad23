package io.streamfleet.worker.telemetry;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;

/**
 * The attributes of spans: those of OpenTelemetry's semantic conventions for messaging, and our
 * own. {@code docs/traces.md} lists them.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/">the
 *     conventions</a>
 */
final class Conventions {

  static final AttributeKey<String> MESSAGE_ID = stringKey("messaging.message.id");
  static final AttributeKey<Long> BODY_SIZE = longKey("messaging.message.body.size");
  static final AttributeKey<String> ERROR_TYPE = stringKey("error.type");
  static final AttributeKey<String> EXCEPTION_MESSAGE = stringKey("exception.message");
  static final AttributeKey<Long> ATTEMPT = longKey("streamfleet.attempt");
  static final AttributeKey<String> CHANNEL = stringKey("streamfleet.channel");
  static final AttributeKey<String> OUTCOME = stringKey("streamfleet.outcome");
  static final AttributeKey<String> TRACE_ID = stringKey("streamfleet.trace_id");
  static final AttributeKey<String> DEAD_LETTER_REASON =
      stringKey("streamfleet.dead_letter.reason");

  private static final AttributeKey<String> SYSTEM = stringKey("messaging.system");
  private static final AttributeKey<String> OPERATION = stringKey("messaging.operation.name");
  private static final AttributeKey<String> OPERATION_TYPE = stringKey("messaging.operation.type");
  private static final AttributeKey<String> DESTINATION = stringKey("messaging.destination.name");
  private static final AttributeKey<String> PARTITION =
      stringKey("messaging.destination.partition.id");
  private static final AttributeKey<String> GROUP = stringKey("messaging.consumer.group.name");
  private static final AttributeKey<String> CLIENT = stringKey("messaging.client.id");

  private Conventions() {}

  /** Those of all attempts at entries of a stream. */
  static Attributes processing(
      Destinations.Destination destination, String group, String consumer) {
    AttributesBuilder all = common("process", destination.name(), consumer).put(GROUP, group);
    if (!destination.partition().isEmpty()) {
      all.put(PARTITION, destination.partition());
    }
    return all.build();
  }

  /** Those of a message that is appended to a stream. */
  static Attributes sending(String stream, String consumer) {
    return common("send", stream, consumer).build();
  }

  private static AttributesBuilder common(String operation, String stream, String consumer) {
    return Attributes.builder()
        .put(SYSTEM, "redis")
        .put(OPERATION, operation)
        .put(OPERATION_TYPE, operation)
        .put(DESTINATION, stream)
        .put(CLIENT, consumer);
  }
}
