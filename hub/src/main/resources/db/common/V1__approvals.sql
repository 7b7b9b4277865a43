-- Instants are integers of microseconds since 1970, flags are 0 or 1.

CREATE TABLE approvals (
  id                 TEXT    NOT NULL PRIMARY KEY,
  version            BIGINT  NOT NULL,
  status             TEXT    NOT NULL,
  agent              TEXT    NOT NULL,
  -- What makes the agent's call the same call when it is raised again.
  call_key           TEXT    NOT NULL,
  content            TEXT    NOT NULL,
  upstream_id        TEXT,
  callback           TEXT,
  tool               TEXT    NOT NULL,
  arguments          TEXT    NOT NULL,
  digest             TEXT    NOT NULL,
  worker             TEXT    NOT NULL,
  risk               TEXT    NOT NULL,
  reason             TEXT    NOT NULL,
  session            TEXT,
  context            TEXT    NOT NULL,
  takes_reason       INTEGER NOT NULL,
  takes_arguments    INTEGER NOT NULL,
  remembers          TEXT,
  raised_at          BIGINT  NOT NULL,
  expires_at         BIGINT,
  decided_at         BIGINT,
  decided_by         TEXT,
  decided_via        TEXT,
  decision_reason    TEXT,
  modified_arguments TEXT,
  remember           INTEGER NOT NULL,
  delivered          TEXT    NOT NULL,
  UNIQUE (agent, call_key)
);

CREATE INDEX approvals_pending ON approvals (id) WHERE status = 'PENDING';
CREATE INDEX approvals_expiring ON approvals (expires_at) WHERE status = 'PENDING' AND expires_at IS NOT NULL;
CREATE INDEX approvals_decided ON approvals (decided_at) WHERE arguments <> '';
CREATE INDEX approvals_upstream ON approvals (agent, upstream_id) WHERE status = 'PENDING';

CREATE TABLE decisions (
  approval_id TEXT   NOT NULL PRIMARY KEY REFERENCES approvals (id),
  verdict     TEXT   NOT NULL,
  decided_by  TEXT   NOT NULL,
  decided_via TEXT   NOT NULL,
  reason      TEXT,
  digest      TEXT   NOT NULL,
  decided_at  BIGINT NOT NULL
);

-- Which version of an approval a target has been shown. A target is 'channel:<name>' or 'agent:<name>'.
CREATE TABLE deliveries (
  approval_id   TEXT    NOT NULL REFERENCES approvals (id),
  target        TEXT    NOT NULL,
  token         TEXT    NOT NULL UNIQUE,
  wanted        BIGINT  NOT NULL,
  shown         BIGINT  NOT NULL,
  retired       INTEGER NOT NULL,
  place         TEXT,
  message       TEXT,
  attempts      INTEGER NOT NULL,
  next_at       BIGINT  NOT NULL,
  claimed_by    TEXT,
  error         TEXT,
  PRIMARY KEY (approval_id, target)
);

CREATE INDEX deliveries_behind ON deliveries (target, next_at) WHERE shown < wanted AND retired = 0;
CREATE INDEX deliveries_message ON deliveries (target, place, message) WHERE message IS NOT NULL;

CREATE TABLE audit (
  seq         BIGINT NOT NULL PRIMARY KEY,
  at          BIGINT NOT NULL,
  event       TEXT   NOT NULL,
  approval_id TEXT   NOT NULL,
  actor       TEXT   NOT NULL,
  detail      TEXT   NOT NULL,
  hash        TEXT   NOT NULL
);

CREATE TABLE leases (
  name   TEXT   NOT NULL PRIMARY KEY,
  holder TEXT   NOT NULL,
  until  BIGINT NOT NULL
);

CREATE TABLE saved (
  channel TEXT NOT NULL,
  name    TEXT NOT NULL,
  value   TEXT NOT NULL,
  PRIMARY KEY (channel, name)
);
