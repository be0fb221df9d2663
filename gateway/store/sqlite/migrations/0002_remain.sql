-- What the first migration left open: facts that could still be deleted, replaced or rewritten.

CREATE TRIGGER refusal_remains BEFORE DELETE ON refusal BEGIN SELECT RAISE(ABORT, 'a refusal remains'); END;
CREATE TRIGGER offer_stays BEFORE UPDATE ON offer BEGIN SELECT RAISE(ABORT, 'a hand-out is never rewritten'); END;
CREATE TRIGGER offer_remains BEFORE DELETE ON offer BEGIN SELECT RAISE(ABORT, 'a hand-out remains'); END;
CREATE TRIGGER member_stays BEFORE UPDATE ON member BEGIN SELECT RAISE(ABORT, 'a member stays one'); END;
CREATE TRIGGER member_remains BEFORE DELETE ON member BEGIN SELECT RAISE(ABORT, 'a member stays one'); END;
CREATE TRIGGER payload_stays BEFORE UPDATE ON payload BEGIN SELECT RAISE(ABORT, 'a payload is never rewritten'); END;
CREATE TRIGGER reeks_grows BEFORE UPDATE ON reeks WHEN new.last < old.last OR new.accepted < old.accepted
  BEGIN SELECT RAISE(ABORT, 'a number is spent once'); END;
DROP TRIGGER head_grows;
CREATE TRIGGER head_grows BEFORE UPDATE ON head WHEN new.size <= old.size OR new.moment < old.moment OR new.log <> old.log
  BEGIN SELECT RAISE(ABORT, 'a log only grows'); END;
