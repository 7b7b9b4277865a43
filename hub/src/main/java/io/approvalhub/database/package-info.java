/// SQLite or PostgreSQL, migrated and pooled.
@NullMarked
package io.approvalhub.database;

import org.jspecify.annotations.NullMarked;
