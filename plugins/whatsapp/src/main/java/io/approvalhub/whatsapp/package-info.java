/// Approvals on WhatsApp, through the Cloud API.
@NullMarked
package io.approvalhub.whatsapp;

import org.jspecify.annotations.NullMarked;
