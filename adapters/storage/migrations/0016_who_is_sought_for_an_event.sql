-- What an update must not ask anew is also whose record somebody is, which earlier versions of its record asked. Questions
-- of both kinds are read together, so one index serves them, and the one of nobody-found alone is used by nothing any more.
CREATE INDEX task_seeks ON task (event_no) WHERE kind IN ('nobody-found', 'match');
DROP INDEX task_nobody;
