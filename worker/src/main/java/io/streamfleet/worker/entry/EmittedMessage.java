package io.streamfleet.worker.entry;

/**
 * A message that a handler emits, as it goes to Redis.
 *
 * @param platform names the outbound stream
 * @param data the payload, written as msgpack
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes it
public record EmittedMessage(String platform, byte[] data) {}
