package io.approvalhub.delivery;

import io.approvalhub.approval.Desk;
import io.approvalhub.approval.Outbox;
import io.approvalhub.connection.Backoff;
import io.approvalhub.node.Leases;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/// What every sender works with.
@Singleton
record Services(
    Outbox outbox,
    Desk desk,
    Leases leases,
    Backoff backoff,
    InstantSource clock,
    MeterRegistry meters) {}
