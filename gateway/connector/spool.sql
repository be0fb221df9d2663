-- The spool of one party. Nothing of a payload stands here in the clear: outgoing messages keep a copy sealed
-- to the sender, incoming ones the JWE as received. Moments are RFC 3339 in UTC.

CREATE TABLE IF NOT EXISTS series (            -- a reeks per installation and per restore; the last one is in use
  rank INTEGER PRIMARY KEY,
  reeks TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE IF NOT EXISTS counters (          -- the last volgnummer given out
  source TEXT NOT NULL,
  ontvanger TEXT NOT NULL,
  reeks TEXT NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (source, ontvanger, reeks)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS threads (           -- the digest that the next message of a dossier names as vorige
  source TEXT NOT NULL,
  ontvanger TEXT NOT NULL,
  dossier TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (source, ontvanger, dossier)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS outgoing (
  place INTEGER PRIMARY KEY,                   -- the order of sending
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  ontvanger TEXT NOT NULL,
  dossier TEXT NOT NULL,
  type TEXT NOT NULL,
  reeks TEXT NOT NULL,
  volgnummer INTEGER NOT NULL,
  digest TEXT NOT NULL UNIQUE,
  envelop TEXT NOT NULL,
  lading TEXT,                                 -- absent once nothing will ever ask for it again
  own_copy TEXT NOT NULL,                      -- empty once it was destroyed (objection.py)
  state TEXT NOT NULL,
  spooled_at TEXT NOT NULL,
  aanvaard TEXT,
  leaf TEXT,                                   -- leaf hash of aanvaard: what a receipt for it must quote
  code TEXT,                                   -- why it was refused, or what holds it up
  retry_at TEXT,
  UNIQUE (source, id),
  UNIQUE (source, ontvanger, reeks, volgnummer)
) STRICT;
DROP INDEX IF EXISTS outgoing_unsent;           -- version 1 read the rows themselves to find what may go
CREATE INDEX IF NOT EXISTS outgoing_next ON outgoing (place, source, ontvanger, reeks, volgnummer, retry_at)
  WHERE state = 'gespoold';
CREATE INDEX IF NOT EXISTS outgoing_held ON outgoing (source, ontvanger, reeks, volgnummer)
  WHERE state = 'gespoold' AND retry_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS outgoing_dossier ON outgoing (dossier);
CREATE INDEX IF NOT EXISTS outgoing_id ON outgoing (id, source);

CREATE TABLE IF NOT EXISTS awaited (           -- messages whose end must come, until it does
  place INTEGER PRIMARY KEY REFERENCES outgoing (place),
  verlooptijd TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS awaited_until ON awaited (verlooptijd);

CREATE TABLE IF NOT EXISTS proofs (            -- receipts and notices about outgoing messages, as signed
  digest TEXT PRIMARY KEY,                     -- of the receipt itself
  place INTEGER NOT NULL REFERENCES outgoing (place),
  kind TEXT NOT NULL,
  bewijs TEXT NOT NULL,
  geboekt TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS proofs_place ON proofs (place);

CREATE TABLE IF NOT EXISTS notices (           -- what the exchange told of a message, sent or received: terms, warnings
  digest TEXT PRIMARY KEY,                     -- of the notice itself
  subject TEXT NOT NULL,                       -- digest of the message that it is about
  kind TEXT NOT NULL,
  bewijs TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS notices_about ON notices (subject);

CREATE TABLE IF NOT EXISTS terms (             -- what the law asks of a party after a message, known from its content
  dossier TEXT NOT NULL,
  message TEXT NOT NULL,
  code TEXT NOT NULL,
  debtor TEXT NOT NULL,                        -- the OIN of who must act
  begun TEXT NOT NULL,
  due TEXT NOT NULL,
  met_by TEXT,
  met_at TEXT,
  levels TEXT NOT NULL,                        -- JSON: the moments at which a person is told
  told INTEGER NOT NULL DEFAULT 0,             -- how many of them were
  next_at TEXT,                                -- the next of them, while it is not met
  PRIMARY KEY (dossier, message, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS terms_next ON terms (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS incoming (
  place INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  ontvanger TEXT NOT NULL,
  dossier TEXT NOT NULL,
  type TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE,
  log_index INTEGER,                           -- of aanvaard; absent while held
  vorige TEXT,
  envelop TEXT NOT NULL,
  lading TEXT NOT NULL,                        -- empty once it was destroyed (objection.py)
  aanvaard TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('aangehouden', 'ontvangen', 'geweigerd')),
  code TEXT,
  receipt TEXT,
  handed_in INTEGER NOT NULL DEFAULT 0,
  geboekt TEXT,
  handed_over INTEGER UNIQUE,                  -- the order in which the application gets it
  read_at TEXT,
  UNIQUE (source, id)
) STRICT;
CREATE INDEX IF NOT EXISTS incoming_receipts ON incoming (ontvanger, place) WHERE receipt IS NOT NULL AND handed_in = 0;
CREATE INDEX IF NOT EXISTS incoming_waiting ON incoming (place) WHERE verdict = 'ontvangen' AND handed_over IS NULL;
CREATE INDEX IF NOT EXISTS incoming_held ON incoming (place) WHERE verdict = 'aangehouden';
CREATE INDEX IF NOT EXISTS incoming_dossier ON incoming (dossier);
CREATE INDEX IF NOT EXISTS incoming_id ON incoming (id, source);

CREATE TABLE IF NOT EXISTS pending (           -- offered, and not judged while what came before may be under way
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  ontvanger TEXT NOT NULL,
  digest TEXT NOT NULL,
  dossier TEXT NOT NULL,
  aanvaard_at TEXT NOT NULL,
  PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pending_digest ON pending (digest);

CREATE TABLE IF NOT EXISTS marks (             -- what must not be forgotten between two rounds (marks.py)
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS numbers (           -- every volgnummer that a sender's messages or receipts account for
  source TEXT NOT NULL,
  ontvanger TEXT NOT NULL,
  reeks TEXT NOT NULL,
  volgnummer INTEGER NOT NULL,
  digest TEXT NOT NULL,
  how TEXT NOT NULL,                           -- ontvangen, geweigerd, afgewezen, niet-afgeleverd
  proof TEXT,
  PRIMARY KEY (source, ontvanger, reeks, volgnummer)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS numbers_digest ON numbers (digest);

CREATE TABLE IF NOT EXISTS seen (              -- numbers of receipts that are safe here; said in the next collect
  mailbox TEXT NOT NULL,
  nummer INTEGER NOT NULL,
  PRIMARY KEY (mailbox, nummer)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS dossiers (          -- one tenancy, one arrears episode, one municipality
  referentie TEXT NOT NULL,
  ontstaansdatum TEXT NOT NULL,
  gemeente TEXT NOT NULL,
  dossier TEXT NOT NULL UNIQUE,
  PRIMARY KEY (referentie, ontstaansdatum, gemeente)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS reported (          -- rows of monthly files that became messages
  referentie TEXT NOT NULL,
  ontstaansdatum TEXT NOT NULL,
  peildatum TEXT NOT NULL,
  content TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (referentie, ontstaansdatum, peildatum)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS register (          -- the register log, replayed whole
  place INTEGER PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS confirmed (         -- first signing keys that a person compared
  mailbox TEXT PRIMARY KEY,
  kid TEXT NOT NULL,
  confirmed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS promises (          -- leaves that the exchange signed for; covered by the checkpoint of that size
  log TEXT NOT NULL,
  place INTEGER NOT NULL,
  leaf TEXT NOT NULL,
  given_at TEXT NOT NULL,
  doubted_at TEXT,
  covered_by INTEGER,
  PRIMARY KEY (log, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS promises_open ON promises (log, place) WHERE covered_by IS NULL;

CREATE TABLE IF NOT EXISTS quotes (            -- register states that the exchange quoted, by index of the traffic log
  place INTEGER PRIMARY KEY,
  size INTEGER NOT NULL,
  moment TEXT NOT NULL,
  material TEXT NOT NULL                       -- the signed bytes that say so
) STRICT;

CREATE TABLE IF NOT EXISTS checkpoints (       -- every checkpoint that was verified; any two are consistent
  log TEXT NOT NULL,
  size INTEGER NOT NULL,
  root TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS lasting (           -- what should pass by itself, since when it was noticed
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  since TEXT NOT NULL,
  raised INTEGER NOT NULL DEFAULT 0,           -- 1: it lasted too long and became an alarm, once
  PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS alarms (            -- what a person must look at, with the bytes that prove it
  place INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  material TEXT NOT NULL,
  grave INTEGER NOT NULL,                      -- 1: nothing more is sent until a person settles it
  raised_at TEXT NOT NULL,
  settled_at TEXT,
  UNIQUE (kind, subject)
) STRICT;
