-- What a target is shown next is read from the index in its order, however much there is: new
-- prompts, then updates.
DROP INDEX deliveries_behind;
CREATE INDEX deliveries_behind ON deliveries (target, (CASE WHEN shown > 0 THEN 1 ELSE 0 END), next_at, approval_id)
  WHERE shown < wanted AND retired = 0;
