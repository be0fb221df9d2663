-- What the state of a term follows from besides its message: every answer to it, and what closed the dossier after it.

CREATE TABLE reply (
  message INTEGER NOT NULL REFERENCES message (idx), reply INTEGER NOT NULL REFERENCES message (idx), PRIMARY KEY (message, reply)
) STRICT, WITHOUT ROWID;
CREATE INDEX reply_of ON reply (reply);
INSERT INTO reply SELECT DISTINCT message, reply FROM term WHERE reply IS NOT NULL;
CREATE TABLE closing (
  idx INTEGER PRIMARY KEY REFERENCES message (idx), dossier TEXT NOT NULL, one TEXT NOT NULL, other TEXT NOT NULL
) STRICT;
CREATE INDEX closing_between ON closing (dossier, one, other, idx);
CREATE TRIGGER reply_stays BEFORE UPDATE ON reply BEGIN SELECT RAISE(ABORT, 'an answer stays one'); END;
CREATE TRIGGER reply_remains BEFORE DELETE ON reply BEGIN SELECT RAISE(ABORT, 'an answer remains'); END;
CREATE TRIGGER closing_stays BEFORE UPDATE ON closing BEGIN SELECT RAISE(ABORT, 'what closed stays'); END;
CREATE TRIGGER closing_remains BEFORE DELETE ON closing BEGIN SELECT RAISE(ABORT, 'what closed remains'); END;
