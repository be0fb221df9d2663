-- A member stands once for each message of its dossier, so that one index answers who takes part and what was sent:
-- dossiers are random, and every further index on them is a page written for every message.

CREATE TABLE member_of_message (
  dossier TEXT NOT NULL, oin TEXT NOT NULL, idx INTEGER NOT NULL, PRIMARY KEY (dossier, oin, idx)
) STRICT, WITHOUT ROWID;
INSERT INTO member_of_message
  SELECT dossier, substr(source, 13, 20), idx FROM message UNION SELECT dossier, substr(ontvanger, 13, 20), idx FROM message;
DROP TABLE member;
ALTER TABLE member_of_message RENAME TO member;
DROP INDEX message_dossier;
CREATE TRIGGER member_stays BEFORE UPDATE ON member BEGIN SELECT RAISE(ABORT, 'a member stays one'); END;
CREATE TRIGGER member_remains BEFORE DELETE ON member BEGIN SELECT RAISE(ABORT, 'a member stays one'); END;
