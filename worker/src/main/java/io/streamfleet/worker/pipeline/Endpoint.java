package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.breaker.Breaker;
import io.streamfleet.worker.limit.EndpointRoom;
import io.streamfleet.worker.suspect.Trial;

/**
 * The state of a handler's endpoint, shared by all pipelines whose handlers have it.
 *
 * @param breaker whether the endpoint is available
 * @param ofProcess the trial of entries that may kill this process
 * @param trial the trial of entries that may kill the endpoint
 * @param room the number of messages in progress there
 */
record Endpoint(Breaker breaker, Trial ofProcess, Trial trial, EndpointRoom room) {}
