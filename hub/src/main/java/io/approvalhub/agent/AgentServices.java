package io.approvalhub.agent;

import io.approvalhub.access.People;
import io.approvalhub.approval.Desk;
import io.approvalhub.connection.Contacts;
import io.approvalhub.connection.Supervisor;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/// What stands behind [AgentHub].
@Singleton
record AgentServices(
    Desk desk,
    Supervisor supervisor,
    Contacts contacts,
    People people,
    InstantSource clock,
    MeterRegistry meters) {}
