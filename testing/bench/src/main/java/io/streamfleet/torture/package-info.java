/**
 * The torture of a fleet: real workers under a seeded schedule of faults, and the proof of what
 * came of each entry. Plan, testbed, evidence, verdict: in this order.
 */
@NullMarked
package io.streamfleet.torture;

import org.jspecify.annotations.NullMarked;
