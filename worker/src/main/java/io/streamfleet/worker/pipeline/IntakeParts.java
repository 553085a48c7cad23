package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.channel.HandOver;
import io.streamfleet.worker.pending.Fetcher;
import io.streamfleet.worker.pending.Renewal;
import io.streamfleet.worker.pending.Sweeper;
import io.streamfleet.worker.read.EntrySource;
import io.streamfleet.worker.settle.DeadLetterWriter;

/** What an intake is made of; these parts need the intake to be made. */
record IntakeParts(
    EntrySource source,
    Sweeper sweeper,
    Fetcher fetcher,
    Renewal renewal,
    DeadLetterWriter deadLetters,
    GroupRecovery recovery,
    HandOver handOver) {}
