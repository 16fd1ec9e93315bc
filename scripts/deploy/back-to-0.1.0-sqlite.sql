-- For a database put back for version 0.1.0, which has no `queue-app restore` (docs/operators.md, Go back).
BEGIN IMMEDIATE;
-- What waited when the copy was made has gone out since; a second confirmation would be of a ticket that is lost.
UPDATE outbox_message SET state = 'overtaken' WHERE state IN ('queued', 'sending');
-- The links and QR codes of lost tickets must never open somebody else's: their ids are left out. Without
-- AUTOINCREMENT, SQLite goes on with the largest id that is there.
PRAGMA writable_schema = ON;
UPDATE sqlite_master SET sql = replace(sql, 'PRIMARY KEY (id)', 'PRIMARY KEY (id AUTOINCREMENT)')
    WHERE type = 'table' AND name IN ('booking', 'ticket');
PRAGMA writable_schema = OFF;
DELETE FROM sqlite_sequence WHERE name IN ('booking', 'ticket');
INSERT INTO sqlite_sequence (name, seq) SELECT 'booking', coalesce(max(id), 0) + 1000000 FROM booking;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ticket', coalesce(max(id), 0) + 1000000 FROM ticket;
COMMIT;
