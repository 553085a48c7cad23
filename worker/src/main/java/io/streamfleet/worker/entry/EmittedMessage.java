package io.streamfleet.worker.entry;

/**
 * A message that a handler emits, ready to be written to Redis.
 *
 * @param platform the platform, which determines the outbound stream
 * @param data the payload as msgpack
 */
@SuppressWarnings("ArrayRecordComponent") // never compared or modified
public record EmittedMessage(String platform, byte[] data) {}
