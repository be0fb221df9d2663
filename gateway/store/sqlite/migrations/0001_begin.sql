-- Facts are inserted and never changed; what is due (delivery, post, reeks, invitation) moves.

CREATE TABLE head (
  log TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, frontier BLOB NOT NULL, moment INTEGER NOT NULL
) STRICT;

CREATE TABLE entry (
  log TEXT NOT NULL, idx INTEGER NOT NULL, leaf BLOB NOT NULL, PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE body (
  log TEXT NOT NULL, idx INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE node (
  log TEXT NOT NULL, level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (log, level, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (
  log TEXT NOT NULL, size INTEGER NOT NULL, note TEXT NOT NULL, PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
  idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL, ontvanger TEXT NOT NULL,
  dossier TEXT NOT NULL, type TEXT NOT NULL, digest TEXT NOT NULL, reeks TEXT NOT NULL, volgnummer INTEGER NOT NULL,
  gap_from INTEGER, expires INTEGER NOT NULL, moment INTEGER NOT NULL, register_size INTEGER NOT NULL,
  register_root TEXT NOT NULL, covenant TEXT NOT NULL, receipt_kid TEXT NOT NULL, envelop TEXT NOT NULL,
  UNIQUE (id, source)
) STRICT;
CREATE INDEX message_dossier ON message (dossier);

-- The sealed payload stands apart, because it is destroyed at its term and the envelope is not.
CREATE TABLE payload (idx INTEGER PRIMARY KEY REFERENCES message (idx), lading TEXT NOT NULL) STRICT;

CREATE TABLE refusal (
  idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL, ontvanger TEXT NOT NULL,
  digest TEXT NOT NULL, reeks TEXT NOT NULL, volgnummer INTEGER NOT NULL, spent INTEGER NOT NULL, code TEXT NOT NULL,
  moment INTEGER NOT NULL, receipt_kid TEXT NOT NULL, UNIQUE (id, source, digest)
) STRICT;
CREATE INDEX refusal_number ON refusal (source, ontvanger, reeks, volgnummer) WHERE spent = 1;

CREATE TABLE offer (message INTEGER PRIMARY KEY REFERENCES message (idx), idx INTEGER NOT NULL) STRICT;

CREATE TABLE settlement (
  idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, message INTEGER NOT NULL REFERENCES message (idx), outcome TEXT NOT NULL,
  receipt TEXT, offered INTEGER, moment INTEGER NOT NULL, receipt_kid TEXT NOT NULL
) STRICT;
CREATE INDEX settlement_message ON settlement (message);

CREATE TABLE member (
  dossier TEXT NOT NULL, oin TEXT NOT NULL, idx INTEGER NOT NULL, PRIMARY KEY (dossier, oin)
) STRICT, WITHOUT ROWID;

CREATE TABLE reeks (
  source TEXT NOT NULL, ontvanger TEXT NOT NULL, reeks TEXT NOT NULL, last INTEGER NOT NULL, accepted INTEGER NOT NULL,
  PRIMARY KEY (source, ontvanger, reeks)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
  mailbox TEXT NOT NULL, message INTEGER NOT NULL, expires INTEGER NOT NULL, length INTEGER NOT NULL,
  leased INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (mailbox, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_expires ON delivery (expires);

CREATE TABLE post (
  mailbox TEXT NOT NULL, settlement INTEGER NOT NULL REFERENCES settlement (idx), PRIMARY KEY (mailbox, settlement)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
  secret_hash BLOB PRIMARY KEY, oin TEXT NOT NULL, naam TEXT NOT NULL, mailboxes TEXT NOT NULL, until INTEGER NOT NULL,
  answer TEXT
) STRICT, WITHOUT ROWID;

CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'a leaf is for ever'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'a leaf is for ever'); END;
CREATE TRIGGER body_stays BEFORE UPDATE ON body BEGIN SELECT RAISE(ABORT, 'a body is never rewritten'); END;
CREATE TRIGGER node_stays BEFORE UPDATE ON node BEGIN SELECT RAISE(ABORT, 'a node is for ever'); END;
CREATE TRIGGER node_remains BEFORE DELETE ON node BEGIN SELECT RAISE(ABORT, 'a node is for ever'); END;
CREATE TRIGGER checkpoint_stays BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'a checkpoint is for ever'); END;
CREATE TRIGGER checkpoint_remains BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'a checkpoint is for ever'); END;
CREATE TRIGGER message_stays BEFORE UPDATE ON message BEGIN SELECT RAISE(ABORT, 'a message is never rewritten'); END;
CREATE TRIGGER message_remains BEFORE DELETE ON message BEGIN SELECT RAISE(ABORT, 'a message remains'); END;
CREATE TRIGGER refusal_stays BEFORE UPDATE ON refusal BEGIN SELECT RAISE(ABORT, 'a refusal is never rewritten'); END;
CREATE TRIGGER settlement_stays BEFORE UPDATE ON settlement BEGIN SELECT RAISE(ABORT, 'an outcome is never rewritten'); END;
CREATE TRIGGER settlement_remains BEFORE DELETE ON settlement BEGIN SELECT RAISE(ABORT, 'an outcome remains'); END;
CREATE TRIGGER head_grows BEFORE UPDATE ON head WHEN new.size < old.size OR new.moment < old.moment
  BEGIN SELECT RAISE(ABORT, 'a log only grows'); END;
CREATE TRIGGER head_remains BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, 'a head remains'); END;

INSERT INTO head VALUES ('register', 0, x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', x'', 0);
INSERT INTO head VALUES ('verkeer', 0, x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', x'', 0);
