/** What a fleet does at this moment, and how that is shown. */
@NullMarked
package io.streamfleet.local.view;

import org.jspecify.annotations.NullMarked;
