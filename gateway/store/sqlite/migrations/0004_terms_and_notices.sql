-- Reply terms, and what the exchange tells by itself: a missed term, a gate that stood closed.

-- A term moves: everything it says follows from logged events. What is due to be told is found without reading the rest.
CREATE TABLE term (
  message INTEGER NOT NULL REFERENCES message (idx), code TEXT NOT NULL, source TEXT NOT NULL, ontvanger TEXT NOT NULL,
  begun INTEGER NOT NULL, due INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('loopt', 'vervuld', 'vervallen')),
  level INTEGER NOT NULL, next_at INTEGER, covenant TEXT NOT NULL, reply INTEGER, PRIMARY KEY (message, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX term_next ON term (next_at) WHERE state = 'loopt';
CREATE INDEX term_reply ON term (reply) WHERE reply IS NOT NULL;
CREATE INDEX term_sent ON term (substr(source, 13, 20), due) WHERE state = 'loopt';
CREATE INDEX term_received ON term (substr(ontvanger, 13, 20), due) WHERE state = 'loopt';
CREATE TRIGGER term_remains BEFORE DELETE ON term BEGIN SELECT RAISE(ABORT, 'a term remains'); END;
CREATE TRIGGER term_told BEFORE UPDATE ON term WHEN new.level < old.level OR new.covenant <> old.covenant
  BEGIN SELECT RAISE(ABORT, 'what was told stays told, by the covenant of its time'); END;

-- Each level of each term is told once, whatever happens (I9).
CREATE TABLE notice (
  idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, message INTEGER NOT NULL REFERENCES message (idx), soort TEXT NOT NULL,
  code TEXT NOT NULL, level INTEGER NOT NULL, due INTEGER, moment INTEGER NOT NULL, receipt_kid TEXT NOT NULL,
  UNIQUE (message, soort, code, level)
) STRICT;
CREATE TABLE told (
  mailbox TEXT NOT NULL, notice INTEGER NOT NULL REFERENCES notice (idx), PRIMARY KEY (mailbox, notice)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER notice_stays BEFORE UPDATE ON notice BEGIN SELECT RAISE(ABORT, 'a notice is never rewritten'); END;
CREATE TRIGGER notice_remains BEFORE DELETE ON notice BEGIN SELECT RAISE(ABORT, 'a notice remains'); END;
CREATE TRIGGER told_stays BEFORE UPDATE ON told BEGIN SELECT RAISE(ABORT, 'who was told was told'); END;
CREATE TRIGGER told_remains BEFORE DELETE ON told BEGIN SELECT RAISE(ABORT, 'who was told was told'); END;

-- Post is a settlement or a notice, by its place in the log: they reach a mailbox in that order.
CREATE TABLE post_by_number (
  mailbox TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (mailbox, number)
) STRICT, WITHOUT ROWID;
INSERT INTO post_by_number SELECT mailbox, settlement FROM post;
DROP TABLE post;
ALTER TABLE post_by_number RENAME TO post;
