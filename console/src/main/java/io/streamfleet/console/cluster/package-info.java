/** What the console asks the API server, and how it reaches the Redis of each fleet. */
@NullMarked
package io.streamfleet.console.cluster;

import org.jspecify.annotations.NullMarked;
