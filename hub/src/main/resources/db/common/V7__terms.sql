-- Under which terms an approval waits, as JSON; null before there were any. expires_at is part of them, call_expires_at
-- is what the agent said.
ALTER TABLE approvals ADD COLUMN terms TEXT;
ALTER TABLE approvals ADD COLUMN call_expires_at BIGINT;
UPDATE approvals SET call_expires_at = expires_at;

-- What people said, in order; the last vote of a person counts. The account is the one that the vote came from.
CREATE TABLE votes (
  approval_id TEXT    NOT NULL REFERENCES approvals (id),
  number      INTEGER NOT NULL,
  person      TEXT    NOT NULL,
  verdict     TEXT    NOT NULL,
  reason      TEXT,
  -- Empty text once they are forgotten.
  arguments   TEXT,
  remember    INTEGER NOT NULL,
  digest      TEXT    NOT NULL,
  via         TEXT    NOT NULL,
  account     TEXT    NOT NULL,
  at          BIGINT  NOT NULL,
  PRIMARY KEY (approval_id, number)
);

INSERT INTO votes (approval_id, number, person, verdict, reason, arguments, remember, digest, via, account, at)
SELECT d.approval_id, 1, d.decided_by, d.verdict, d.reason, a.modified_arguments, a.remember, d.digest, d.decided_via,
  '', d.decided_at
FROM decisions d JOIN approvals a ON a.id = d.approval_id;

DROP TABLE decisions;

-- What is to be done to an approval at a time.
CREATE TABLE timers (
  approval_id TEXT    NOT NULL REFERENCES approvals (id),
  kind        TEXT    NOT NULL,
  due_at      BIGINT  NOT NULL,
  attempts    INTEGER NOT NULL,
  claimed_by  TEXT,
  error       TEXT,
  PRIMARY KEY (approval_id, kind)
);

CREATE INDEX timers_due ON timers (due_at);

INSERT INTO timers (approval_id, kind, due_at, attempts)
SELECT id, 'expiry', expires_at, 0 FROM approvals WHERE status = 'PENDING' AND expires_at IS NOT NULL;

DROP INDEX approvals_expiring;
