/**
 * The torture of a fleet: real workers under a seeded schedule of faults, and a check of the
 * outcome of each entry. The packages in order: plan, testbed, evidence, verdict.
 */
@NullMarked
package io.streamfleet.torture;

import org.jspecify.annotations.NullMarked;
