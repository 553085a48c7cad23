/** The way to Redis: connections, credentials, scripts; standalone, Sentinel and Cluster alike. */
@NullMarked
package io.streamfleet.redis;

import org.jspecify.annotations.NullMarked;
