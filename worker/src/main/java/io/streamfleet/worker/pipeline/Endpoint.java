package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.breaker.Breaker;
import io.streamfleet.worker.limit.EndpointRoom;
import io.streamfleet.worker.suspect.Trial;

/**
 * Where the handler of a pipeline is, and what all pipelines with the same one share.
 *
 * @param breaker whether it is there
 * @param ofProcess the trial of what may kill this process
 * @param trial the trial of what may kill the endpoint
 * @param room how many messages it has at once
 */
record Endpoint(Breaker breaker, Trial ofProcess, Trial trial, EndpointRoom room) {}
