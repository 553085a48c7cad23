/** The way to Redis: connections, credentials, scripts; standalone, Sentinel and Cluster alike. */
@NullMarked
package io.streamfleet.worker.redis;

import org.jspecify.annotations.NullMarked;
