CREATE TRIGGER votes_no_delete BEFORE DELETE ON votes FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER votes_no_update
BEFORE UPDATE OF approval_id, number, person, verdict, reason, remember, digest, via, account, at ON votes
FOR EACH ROW EXECUTE FUNCTION append_only();
-- Edited arguments may be forgotten, and nothing else.
CREATE TRIGGER votes_forget BEFORE UPDATE OF arguments ON votes
FOR EACH ROW WHEN (NEW.arguments IS DISTINCT FROM '') EXECUTE FUNCTION append_only();
