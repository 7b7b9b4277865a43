package io.approvalhub.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.approvalhub.plugin.InvalidSettingException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// The hub's SQL database, migrated when it is opened.
///
/// SQLite has one writer, so writes share one connection and reads have their own; PostgreSQL
/// shares one pool. Instants are stored as integers of microseconds.
@Singleton
public final class Database implements AutoCloseable {

  private static final Duration LOCK_WAIT = Duration.ofSeconds(10);
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration POOL_WAIT = Duration.ofSeconds(5);
  private static final Duration PROMPT = Duration.ofSeconds(2);
  private static final Duration SIGNAL = Duration.ofSeconds(10);
  private static final Duration KEEPALIVE = Duration.ofSeconds(30);

  /// Where SQLite's driver unpacks its native part.
  private static final String UNPACKED = "org.sqlite.tmpdir";

  private static final String NO_SIGNALS =
      "hub.database.url leads through a pooler that does not keep sessions, such as PgBouncer with"
          + " pool_mode = transaction, where signals between nodes are lost (or direct-url names"
          + " another database); set hub.database.direct-url to the same database without the"
          + " pooler, or pool_mode = session";

  private final HikariDataSource writer;
  private final HikariDataSource reader;
  private final HikariDataSource prompt;
  private final Jdbi writing;
  private final Jdbi reading;
  private final Jdbi prompting;
  private final Optional<GroupCommit> alone;
  private final DatabaseSettings settings;
  private final boolean shared;

  @Inject
  Database(DatabaseSettings settings, DataFolder data) {
    this.settings = settings;
    shared = settings.url().isPresent();
    if (!shared) {
      unpackInto(data);
    }
    writer = shared ? postgresql(settings) : sqlite(data, "writer", 1, false);
    if (shared) {
      refusePooler();
    }
    migrate();
    reader = shared ? writer : sqlite(data, "reader", 4, true);
    prompt = shared ? prompt(settings) : writer;
    writing = jdbi(writer);
    reading = jdbi(reader);
    prompting = jdbi(prompt);
    alone = shared ? Optional.empty() : Optional.of(new GroupCommit(writing));
  }

  /// Whether other nodes work on the same database.
  public boolean shared() {
    return shared;
  }

  /// Runs `work` in one transaction, perhaps twice: it must do nothing but work on its handle.
  /// What it did is durable when this returns.
  ///
  /// @throws StoreException when the database failed; it may still have been recorded when the
  ///     connection was lost
  public <R> R write(HandleCallback<R, RuntimeException> work) {
    return safely(() -> alone.isPresent() ? alone.get().write(work) : writing.inTransaction(work));
  }

  /// Runs `work` whose first statement is all that it changes, and perhaps reads what that changed:
  /// on PostgreSQL that spares the round trip of a commit. The change is durable when this returns.
  ///
  /// @throws StoreException as [#write] does, also when the change was made but not read again
  public <R> R change(HandleCallback<R, RuntimeException> work) {
    return safely(() -> alone.isPresent() ? alone.get().write(work) : writing.withHandle(work));
  }

  /// Runs `work` on a connection that only reads.
  public <R> R read(HandleCallback<R, RuntimeException> work) {
    return safely(() -> reading.withHandle(work));
  }

  /// Runs `work` in one transaction that fails rather than waits when the database is out of reach.
  public <R> R writePromptly(HandleCallback<R, RuntimeException> work) {
    return safely(() -> prompting.inTransaction(work));
  }

  /// Writes nothing, by the way that everything written takes.
  ///
  /// @throws StoreException when nothing could be written now
  public void probe() {
    if (shared) {
      writePromptly(handle -> handle.execute("SELECT 1"));
    } else {
      write(handle -> handle.execute("SELECT 1"));
    }
  }

  /// A connection outside the pool, to PostgreSQL, for what a pooled one cannot do.
  public Connection connect() throws SQLException {
    var properties = settings.properties();
    return DriverManager.getConnection(direct(), properties);
  }

  private String direct() {
    return settings.directUrl().or(settings::url).orElseThrow();
  }

  /// A clause for a subquery that picks a row to work on, so that nodes do not pick the same one.
  public String skipLocked() {
    return shared ? " FOR UPDATE SKIP LOCKED" : "";
  }

  /// A clause for a query whose rows stay as they are until the transaction ends.
  public String lock() {
    return shared ? " FOR UPDATE" : "";
  }

  /// The database's own time, in microseconds, as an expression.
  public String clock() {
    return shared
        ? "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint"
        : "CAST(unixepoch('subsec') * 1000000 AS INTEGER)";
  }

  /// Holds back every other transaction that asks for the same lock, until this one ends.
  public void serialise(Handle handle, long lock) {
    if (shared) {
      handle.execute("SELECT pg_advisory_xact_lock(?)", lock);
    }
  }

  /// An instant as it is stored.
  public static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /// A stored instant.
  public static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /// A stored instant that may be absent.
  public static Optional<Instant> instant(@Nullable Long micros) {
    return Optional.ofNullable(micros).map(value -> instant(value.longValue()));
  }

  @Override
  @PreDestroy
  public void close() {
    alone.ifPresent(GroupCommit::close);
    prompt.close();
    reader.close();
    writer.close();
  }

  private static <R> R safely(Supplier<R> work) {
    try {
      return work.get();
    } catch (JdbiException e) {
      throw StoreException.of(e);
    }
  }

  private static Jdbi jdbi(HikariDataSource source) {
    var jdbi = Jdbi.create(source);
    jdbi.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
    return jdbi;
  }

  /// A pooler that gives every transaction another session hears no signals for us. Without a word
  /// of it, everything would come about five seconds late.
  private void refusePooler() {
    var channel = "approval_hub_" + UUID.randomUUID().toString().replace('-', '_');
    try (var listening = connect();
        var statement = listening.createStatement()) {
      statement.execute("LISTEN " + channel);
      jdbi(writer).useHandle(handle -> handle.execute("SELECT pg_notify(?, '')", channel));
      var heard = listening.unwrap(PGConnection.class).getNotifications((int) SIGNAL.toMillis());
      if (heard == null || heard.length == 0) {
        writer.close();
        throw new InvalidSettingException(NO_SIGNALS);
      }
    } catch (SQLException | JdbiException e) {
      writer.close();
      throw new IllegalStateException("the database cannot be used: " + e.getMessage(), e);
    }
  }

  private void migrate() {
    if (settings.directUrl().isEmpty()) {
      migrate(writer);
      return;
    }
    // its lock is held by a session
    var config = pool(settings, "migration", 2, POOL_WAIT);
    config.setJdbcUrl(direct());
    try (var source = new HikariDataSource(config)) {
      migrate(source);
    }
  }

  private void migrate(DataSource source) {
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/common", "classpath:db/" + (shared ? "postgresql" : "sqlite"))
        .loggers("slf4j")
        .load()
        .migrate();
  }

  private static HikariDataSource postgresql(DatabaseSettings settings) {
    var config = pool(settings, "postgresql", settings.connections(), POOL_WAIT);
    config.setInitializationFailTimeout(START.toMillis());
    config.setKeepaliveTime(KEEPALIVE.toMillis());
    return new HikariDataSource(config);
  }

  private static HikariDataSource prompt(DatabaseSettings settings) {
    var config = pool(settings, "prompt", 1, PROMPT);
    config.addDataSourceProperty("connectTimeout", String.valueOf(PROMPT.toSeconds()));
    config.addDataSourceProperty("socketTimeout", String.valueOf(PROMPT.toSeconds()));
    return new HikariDataSource(config);
  }

  private static HikariConfig pool(
      DatabaseSettings settings, String name, int connections, Duration wait) {
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(settings.url().orElseThrow());
    config.setDataSourceProperties(settings.properties());
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(wait.toMillis());
    return config;
  }

  /// The driver's native part is otherwise unpacked where temporary files are, which may be a place
  /// that nothing can be written to or run from.
  private static void unpackInto(DataFolder data) {
    if (System.getProperty(UNPACKED) == null) {
      System.setProperty(UNPACKED, data.emptied("native").toAbsolutePath().toString());
    }
  }

  private static HikariDataSource sqlite(
      DataFolder data, String name, int connections, boolean readOnly) {
    var properties = new Properties();
    properties.setProperty("journal_mode", "WAL");
    properties.setProperty("synchronous", "FULL");
    properties.setProperty("foreign_keys", "true");
    // the file of a big sort would go where temporary files are
    properties.setProperty("temp_store", "MEMORY");
    properties.setProperty("busy_timeout", String.valueOf(LOCK_WAIT.toMillis()));
    properties.setProperty("transaction_mode", readOnly ? "DEFERRED" : "IMMEDIATE");
    if (readOnly) {
      properties.setProperty("open_mode", "1");
    }
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl("jdbc:sqlite:" + data.file("hub.db"));
    config.setDataSourceProperties(properties);
    config.setMaximumPoolSize(connections);
    config.setMaxLifetime(0);
    config.setReadOnly(readOnly);
    return new HikariDataSource(config);
  }
}
