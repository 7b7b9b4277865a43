-- A target may hold several messages of an approval: the slot says which. 'prompt' is the one that is posted first,
-- 'found …' one that was posted beside it and became known later. A token belongs to a target, not to a message.
CREATE TABLE outbox (
  approval_id   TEXT    NOT NULL REFERENCES approvals (id),
  target        TEXT    NOT NULL,
  slot          TEXT    NOT NULL,
  token         TEXT    NOT NULL,
  wanted        BIGINT  NOT NULL,
  shown         BIGINT  NOT NULL,
  retired       INTEGER NOT NULL,
  place         TEXT,
  message       TEXT,
  attempts      INTEGER NOT NULL,
  next_at       BIGINT  NOT NULL,
  -- 1 while it waits because of the target, not because of itself.
  held          INTEGER NOT NULL,
  claimed_by    TEXT,
  -- The node that tells an agent, for as long as it lives.
  node          TEXT,
  error         TEXT,
  PRIMARY KEY (approval_id, target, slot)
);

INSERT INTO outbox (approval_id, target, slot, token, wanted, shown, retired, place, message, attempts, next_at, held,
  claimed_by, node, error)
SELECT approval_id, target, 'prompt', token, wanted, shown, retired, place, message, attempts, next_at, 0,
  claimed_by, node, error
FROM deliveries;

DROP TABLE deliveries;
ALTER TABLE outbox RENAME TO deliveries;

-- What a target is shown next is read from the index in its order, however much there is: new prompts, then updates.
CREATE INDEX deliveries_behind ON deliveries (target, (CASE WHEN shown > 0 THEN 1 ELSE 0 END), next_at, approval_id)
  WHERE shown < wanted AND retired = 0;
CREATE INDEX deliveries_message ON deliveries (target, place, message) WHERE message IS NOT NULL;
CREATE INDEX deliveries_token ON deliveries (token);

-- Why the agent could not be told yet, and since when it is said so.
ALTER TABLE approvals ADD COLUMN trouble TEXT;
ALTER TABLE approvals ADD COLUMN trouble_at BIGINT;
