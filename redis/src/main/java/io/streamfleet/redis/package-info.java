/** Access to Redis: connections, credentials, scripts; standalone, Sentinel and Cluster. */
@NullMarked
package io.streamfleet.redis;

import org.jspecify.annotations.NullMarked;
