-- The node that tells an agent, for as long as it lives.
ALTER TABLE deliveries ADD COLUMN node TEXT;
