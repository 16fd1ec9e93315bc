-- For a database put back for version 0.1.0, which has no `queue-app restore` (docs/operators.md, Go back).
BEGIN;
-- What waited when the copy was made has gone out since; a second confirmation would be of a ticket that is lost.
UPDATE outbox_message SET state = 'overtaken' WHERE state IN ('queued', 'sending');
-- The links and QR codes of lost tickets must never open somebody else's: their ids are left out.
SELECT setval(pg_get_serial_sequence('booking', 'id'), (SELECT coalesce(max(id), 0) + 1000000 FROM booking));
SELECT setval(pg_get_serial_sequence('ticket', 'id'), (SELECT coalesce(max(id), 0) + 1000000 FROM ticket));
COMMIT;
