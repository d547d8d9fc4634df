-- What may turn a clock without ending it, and what has (JSON): pauses with their reason, ratings, answers of one team.
-- Null for by far the most; `clock.state` may be 'paused' besides, and `due` is then what it was when time stopped.
ALTER TABLE clock ADD COLUMN turns text;
CREATE INDEX clock_turns ON clock (child) WHERE turns IS NOT NULL;
