-- What a tool says of itself; empty when it says nothing.
ALTER TABLE approvals ADD COLUMN annotations TEXT NOT NULL DEFAULT '';
