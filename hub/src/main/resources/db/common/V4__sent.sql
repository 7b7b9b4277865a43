-- Calls that agents must get once: entered before the call is made, by the node that makes it.
CREATE TABLE sent (
  agent TEXT NOT NULL,
  name  TEXT NOT NULL,
  PRIMARY KEY (agent, name)
);
