-- Nothing asks by an agent's own id, and an index of PostgreSQL does not take every id.
DROP INDEX approvals_upstream;

CREATE INDEX approvals_waiting ON approvals (agent, id) WHERE status = 'PENDING';
