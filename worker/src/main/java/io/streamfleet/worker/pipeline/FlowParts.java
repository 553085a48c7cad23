package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.lock.HandOver;
import io.streamfleet.worker.own.Fetcher;
import io.streamfleet.worker.own.Renewal;
import io.streamfleet.worker.read.EntrySource;
import io.streamfleet.worker.reclaim.Sweeper;
import io.streamfleet.worker.settle.DeadLetters;

/** What a flow is made of. */
record FlowParts(
    EntrySource source,
    Sweeper sweeper,
    Fetcher fetcher,
    Renewal renewal,
    DeadLetters letters,
    GroupRecovery recovery,
    HandOver handOver)
    implements Flow.Parts {}
