package io.streamfleet.redis.group;

/**
 * How far a version of the settings has come in a fleet.
 *
 * @param version of the manifest that the workers are to run by
 * @param workers that tell which version they run by
 * @param current those of them that run by this one
 * @param refusing those of them that were given a manifest that they cannot use
 */
public record SettingsSpread(String version, long workers, long current, long refusing) {}
