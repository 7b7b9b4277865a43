package io.approvalhub.channel;

import io.approvalhub.approval.Desk;
import io.approvalhub.connection.Contacts;
import io.approvalhub.connection.Supervisor;
import jakarta.inject.Singleton;

/// What stands behind [ChannelHub].
@Singleton
record ChannelServices(
    Address address,
    Desk desk,
    ChannelStore store,
    Supervisor supervisor,
    Contacts contacts,
    Presentations presentations) {}
