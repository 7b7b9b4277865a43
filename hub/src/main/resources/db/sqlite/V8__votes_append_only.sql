CREATE TRIGGER votes_no_delete BEFORE DELETE ON votes BEGIN SELECT RAISE(ABORT, 'votes is append-only'); END;
CREATE TRIGGER votes_no_update
BEFORE UPDATE OF approval_id, number, person, verdict, reason, remember, digest, via, account, at ON votes
BEGIN SELECT RAISE(ABORT, 'votes is append-only'); END;
-- Edited arguments may be forgotten, and nothing else.
CREATE TRIGGER votes_forget BEFORE UPDATE OF arguments ON votes WHEN NEW.arguments IS NOT ''
BEGIN SELECT RAISE(ABORT, 'votes is append-only'); END;
