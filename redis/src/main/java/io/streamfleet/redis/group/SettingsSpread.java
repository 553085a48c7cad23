package io.streamfleet.redis.group;

/**
 * How far a version of the settings has spread in a fleet.
 *
 * @param version of the manifest that the workers should run with
 * @param workers that report their version
 * @param current those that run with this version
 * @param refusing those whose present manifest is invalid
 */
public record SettingsSpread(String version, long workers, long current, long refusing) {}
