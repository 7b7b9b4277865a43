package io.approvalhub.approval;

import io.approvalhub.database.Database;
import jakarta.inject.Singleton;

/// What the desk writes in, and who is told of it.
@Singleton
record Books(
    Database database, Outbox outbox, Timers timers, Audit audit, Changes changes, Crowd crowd) {}
