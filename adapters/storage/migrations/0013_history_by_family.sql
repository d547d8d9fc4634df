-- A family's history is read with each of its events, in order: from the index alone, which holds it together. In the
-- table each row lies where it was added, years and pages from the one before. No row is too long for an index: the
-- longest that the contracts let in is half of what one may hold (tests/adapters/test_migrations.py).
CREATE INDEX happening_history ON happening (family, at) INCLUDE (person, type, thing, place, event_no, record);
DROP INDEX happening_family;

-- Only pages that a vacuum has seen are read from the index alone; without this a fifth of all rows might wait for it.
ALTER TABLE happening SET (autovacuum_vacuum_insert_scale_factor = 0.02);
