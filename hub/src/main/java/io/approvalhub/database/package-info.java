/// The two databases, SQLite and PostgreSQL: connections, one writer, migrations.
@NullMarked
package io.approvalhub.database;

import org.jspecify.annotations.NullMarked;
