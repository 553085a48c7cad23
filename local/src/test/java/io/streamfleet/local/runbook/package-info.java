/** The runbook as a person on call uses it: its commands, typed in a shell beside a fleet. */
@NullMarked
package io.streamfleet.local.runbook;

import org.jspecify.annotations.NullMarked;
