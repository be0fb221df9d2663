-- Every question and change of the embedded store, by name.
--
-- A question about many things takes them as one JSON array and begins each row with the place of its thing in there:
-- one statement instead of one for each, and the interpreter is not let go of and waited for again at every one.

-- name: heads
SELECT log, size, root, frontier, moment FROM head;

-- name: bodies
SELECT e.idx, b.body FROM entry e LEFT JOIN body b USING (log, idx) WHERE log = ? AND e.idx >= ? AND e.idx < ?;

-- name: leaves
SELECT leaf FROM entry WHERE log = ? AND idx >= ? AND idx < ? ORDER BY idx;

-- name: nodes
SELECT hash FROM node WHERE log = ? AND level = ? AND idx >= ? AND idx < ? ORDER BY idx;

-- name: checkpoint
SELECT note FROM checkpoint WHERE log = ? ORDER BY size DESC LIMIT 1;

-- name: message
SELECT k.key, m.idx, leaf, source, m.id, ontvanger, dossier, m.type, digest, reeks, volgnummer, gap_from, expires, moment,
  register_size, register_root, covenant, receipt_kid FROM json_each(?) k CROSS JOIN message m ON source = k.value ->> 0 AND m.id = k.value ->> 1;

-- name: message_at
SELECT k.key, m.idx, leaf, source, m.id, ontvanger, dossier, m.type, digest, reeks, volgnummer, gap_from, expires, moment,
  register_size, register_root, covenant, receipt_kid FROM json_each(?) k CROSS JOIN message m ON m.idx = k.value;

-- name: content
SELECT k.key, m.envelop, p.lading FROM json_each(?) k CROSS JOIN message m ON m.idx = k.value
  LEFT JOIN payload p ON p.idx = m.idx;

-- name: refusal
SELECT k.key, idx, leaf, source, r.id, ontvanger, digest, reeks, volgnummer, spent, code, moment, receipt_kid,
  covenant FROM json_each(?) k CROSS JOIN refusal r ON source = k.value ->> 0 AND r.id = k.value ->> 1
  AND digest = k.value ->> 2;

-- name: refused
SELECT k.key, idx, leaf, source, r.id, ontvanger, digest, reeks, volgnummer, spent, code, moment, receipt_kid,
  covenant FROM json_each(?) k CROSS JOIN refusal r ON source = k.value ->> 0 AND r.id = k.value ->> 1;

-- name: gap
SELECT idx, leaf, source, id, ontvanger, digest, reeks, volgnummer, spent, code, moment, receipt_kid, covenant
  FROM refusal
  WHERE source = ? AND ontvanger = ? AND reeks = ? AND spent = 1 AND volgnummer >= ? AND volgnummer < ? ORDER BY
  volgnummer;

-- name: reeks
SELECT k.key, last, accepted FROM json_each(?) k CROSS JOIN reeks ON source = k.value ->> 0
  AND ontvanger = k.value ->> 1 AND reeks = k.value ->> 2;

-- name: members
SELECT DISTINCT k.key, oin FROM json_each(?) k CROSS JOIN member ON dossier = k.value;

-- name: dossier
SELECT m.idx, leaf, source, id, ontvanger, m.dossier, type, digest, reeks, volgnummer, gap_from, expires, moment,
  register_size, register_root, covenant, receipt_kid FROM member JOIN message m USING (idx) WHERE member.dossier = ?
  AND member.oin = ? ORDER BY m.idx;

-- name: reached
SELECT k.key, m.source, m.ontvanger, m.type, EXISTS (SELECT 1 FROM offer o WHERE o.message = m.idx),
  (SELECT s.outcome FROM settlement s WHERE s.message = m.idx ORDER BY s.idx DESC LIMIT 1)
  FROM json_each(?) k CROSS JOIN member b ON b.dossier = k.value ->> 0 AND b.oin = k.value ->> 1
  CROSS JOIN message m ON m.idx = b.idx ORDER BY k.key, b.idx;

-- name: waiting
-- A lease lasts an hour at most: one that ends later was given while the clock was wrong.
SELECT d.message, o.idx, d.length FROM delivery d LEFT JOIN offer o ON o.message = d.message
  WHERE d.mailbox = ?1 AND (d.leased <= ?2 OR d.leased > ?2 + 3600000) AND d.expires > ?2 ORDER BY d.message LIMIT ?3;

-- name: expired
SELECT d.message, o.idx, d.length FROM delivery d LEFT JOIN offer o ON o.message = d.message WHERE d.expires <= ? ORDER BY
  d.expires, d.message LIMIT ?;

-- name: offer
SELECT k.key, idx FROM json_each(?) k CROSS JOIN offer ON message = k.value;

-- name: settlements
SELECT k.key, s.idx, s.leaf, s.message, s.outcome, s.receipt, s.offered, s.moment, s.receipt_kid
  FROM json_each(?) k CROSS JOIN settlement s ON s.message = k.value ORDER BY s.idx;

-- name: post
SELECT p.number, s.idx, s.leaf, s.message, s.outcome, s.receipt, s.offered, s.moment, s.receipt_kid,
  n.idx, n.leaf, n.message, n.soort, n.code, n.level, n.due, n.moment, n.receipt_kid FROM post p
  LEFT JOIN settlement s ON s.idx = p.number LEFT JOIN notice n ON n.idx = p.number
  WHERE p.mailbox = ? ORDER BY p.number LIMIT ?;

-- name: terms
SELECT k.key, t.message, code, source, ontvanger, begun, due, state, level, next_at, covenant, reply
  FROM json_each(?) k CROSS JOIN term t ON t.message = k.value;

-- name: touched
SELECT message, code, source, ontvanger, begun, due, state, level, next_at, covenant, reply FROM term WHERE message IN (
  SELECT value FROM json_each(?1)
  UNION SELECT r.message FROM json_each(?1) k CROSS JOIN reply r ON r.reply = k.value
  UNION SELECT b.idx FROM json_each(?1) k CROSS JOIN closing c ON c.idx = k.value CROSS JOIN member b
    ON b.dossier = c.dossier AND b.oin = c.one AND b.idx < c.idx CROSS JOIN message m ON m.idx = b.idx
    AND c.other IN (substr(m.source, 13, 20), substr(m.ontvanger, 13, 20))) ORDER BY message, code;

-- name: bearings
SELECT f.message, f.how, f.idx, m.type,
  (SELECT s.outcome FROM settlement s WHERE s.message = f.idx ORDER BY s.idx DESC LIMIT 1) FROM (
  SELECT value AS message, 'vraag' AS how, value AS idx FROM json_each(?1)
  UNION ALL SELECT r.message, 'antwoord', r.reply FROM json_each(?1) k CROSS JOIN reply r ON r.message = k.value
  UNION ALL SELECT q.idx, 'slot', c.idx FROM json_each(?1) k CROSS JOIN message q ON q.idx = k.value CROSS JOIN closing c
    ON c.dossier = q.dossier AND c.one = min(substr(q.source, 13, 20), substr(q.ontvanger, 13, 20))
    AND c.other = max(substr(q.source, 13, 20), substr(q.ontvanger, 13, 20)) AND c.idx > q.idx
  ) f CROSS JOIN message m ON m.idx = f.idx ORDER BY f.message, f.idx;

-- name: due_terms
-- Of what was not received by its verlooptijd nothing is told: it is about to be given up, or it was.
SELECT t.message, code, t.source, t.ontvanger, begun, due, state, level, next_at, t.covenant, reply FROM term t
  CROSS JOIN message m ON m.idx = t.message
  WHERE state = 'loopt' AND next_at <= ?1 AND next_at >= ?3 AND (next_at, t.message, code) > (?3, ?4, ?5)
  AND (m.expires > ?1 OR EXISTS (SELECT 1 FROM settlement s WHERE s.message = t.message AND s.receipt IS NOT NULL))
  ORDER BY next_at, t.message, code LIMIT ?2;

-- name: open_terms
SELECT message, code, source, ontvanger, begun, due, state, level, next_at, covenant, reply FROM term
  WHERE state = 'loopt' ORDER BY due, message, code LIMIT ?;

-- name: open_terms_of
SELECT message, code, source, ontvanger, begun, due, state, level, next_at, covenant, reply FROM (
  SELECT * FROM (SELECT * FROM term WHERE state = 'loopt' AND substr(source, 13, 20) = ?1 ORDER BY due, message, code LIMIT ?2)
  UNION SELECT * FROM
  (SELECT * FROM term WHERE state = 'loopt' AND substr(ontvanger, 13, 20) = ?1 ORDER BY due, message, code LIMIT ?2))
  ORDER BY due, message, code LIMIT ?2;

-- name: counts
SELECT 'aanvaard', count(*) FROM message UNION ALL SELECT 'afgewezen', count(*) FROM refusal UNION ALL SELECT
  'wacht', count(*) FROM delivery d WHERE NOT EXISTS (SELECT 1 FROM settlement s WHERE s.message = d.message) UNION ALL
  SELECT outcome, count(*) FROM settlement s WHERE idx = (SELECT max(idx) FROM settlement l WHERE l.message = s.message)
  GROUP BY outcome;

-- name: invitation
SELECT oin, naam, mailboxes, until, answer FROM invitation WHERE secret_hash = ?;

-- name: insert_entry
INSERT INTO entry VALUES (?, ?, ?);

-- name: insert_body
INSERT INTO body VALUES (?, ?, ?);

-- name: insert_node
INSERT INTO node VALUES (?, ?, ?, ?);

-- name: move_head
UPDATE head SET size = ?, root = ?, frontier = ?, moment = ? WHERE log = ?;

-- name: insert_message
INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: insert_payload
INSERT INTO payload VALUES (?, ?);

-- name: insert_delivery
INSERT INTO delivery (mailbox, message, expires, length) VALUES (?, ?, ?, ?);

-- name: insert_member
INSERT INTO member VALUES (?, ?, ?) ON CONFLICT DO NOTHING;

-- name: move_reeks
INSERT INTO reeks VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET last = max(last, excluded.last), accepted =
  max(accepted, excluded.accepted);

-- name: insert_refusal
INSERT INTO refusal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: insert_offer
INSERT INTO offer VALUES (?, ?) ON CONFLICT DO NOTHING;

-- name: insert_settlement
INSERT INTO settlement VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: insert_notice
INSERT INTO notice VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: insert_told
INSERT INTO told VALUES (?, ?) ON CONFLICT DO NOTHING;

-- name: keep_term
INSERT INTO term VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET begun = excluded.begun,
  due = excluded.due, state = excluded.state, level = excluded.level, next_at = excluded.next_at, reply = excluded.reply;

-- name: insert_reply
INSERT INTO reply VALUES (?, ?) ON CONFLICT DO NOTHING;

-- name: insert_closing
INSERT INTO closing VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING;

-- name: insert_post
INSERT INTO post VALUES (?, ?) ON CONFLICT DO NOTHING;

-- name: end_delivery
DELETE FROM delivery WHERE message = ?1 AND mailbox = (SELECT ontvanger FROM message WHERE idx = ?1)
  AND EXISTS (SELECT 1 FROM settlement WHERE message = ?1);

-- name: lease
UPDATE delivery SET leased = ? WHERE mailbox = ? AND message = ?;

-- name: saw
DELETE FROM post WHERE mailbox = ? AND number = ?;

-- name: keep_checkpoint
INSERT INTO checkpoint VALUES (?, ?, ?) ON CONFLICT DO NOTHING;

-- name: invite
INSERT INTO invitation VALUES (?, ?, ?, ?, ?, NULL);

-- name: use_invitation
UPDATE invitation SET answer = ? WHERE secret_hash = ?;

-- name: withdraw
DELETE FROM invitation WHERE oin = ? AND answer IS NULL;

-- name: redeliver
-- What its recipient once receipted is due again, without end; what expired unreceipted stays ended, and what is due stays due.
INSERT INTO delivery (mailbox, message, expires, length)
  SELECT m.ontvanger, m.idx, 9223372036854775807, length(m.envelop) + length(p.lading) FROM message m JOIN payload p USING (idx)
  WHERE m.ontvanger = ?1 AND m.idx >= ?2
  AND (EXISTS (SELECT 1 FROM settlement s WHERE s.message = m.idx AND s.receipt IS NOT NULL)
    OR EXISTS (SELECT 1 FROM delivery d WHERE d.mailbox = ?1 AND d.message = m.idx))
  ON CONFLICT DO UPDATE SET leased = 0;

-- name: repost
-- The receipts for what the mailbox sent from there on are offered to it again.
INSERT INTO post (mailbox, number)
  SELECT m.source, s.idx FROM settlement s JOIN message m ON m.idx = s.message WHERE m.source = ?1 AND m.idx >= ?2
  ON CONFLICT DO NOTHING;

-- name: tell_again
-- What it was told from there on by the exchange itself is offered to it again.
INSERT INTO post (mailbox, number) SELECT mailbox, notice FROM told WHERE mailbox = ? AND notice >= ?
  ON CONFLICT DO NOTHING;

