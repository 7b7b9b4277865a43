package io.approvalhub.database;

import java.sql.SQLException;
import org.jdbi.v3.core.JdbiException;

/// The database failed, or is out of reach: nothing was recorded, or it is not known whether it
/// was. The message holds nothing that was to be stored.
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// The class of SQL states that are about values.
  private static final String DATA_EXCEPTION = "22";

  private StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /// Whether the database worked and refused a value, which it will always refuse.
  public boolean refusesValue() {
    return getCause() instanceof SQLException sql
        && String.valueOf(sql.getSQLState()).startsWith(DATA_EXCEPTION);
  }

  /// Nobody writes any more: the hub stops, or its writer has died.
  static StoreException closed() {
    return new StoreException("the store is closed", new IllegalStateException("no writer"));
  }

  /// An Error in the midst of a transaction, which was taken back.
  static StoreException of(Throwable failure) {
    return new StoreException("the store failed: " + failure.getClass().getName(), failure);
  }

  /// JDBI's own message and stack trace quote the statement with its values.
  static StoreException of(JdbiException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return new StoreException("the store failed: " + sql.getMessage(), sql);
      }
    }
    return new StoreException("the store failed", new SQLException(failure.getClass().getName()));
  }
}
