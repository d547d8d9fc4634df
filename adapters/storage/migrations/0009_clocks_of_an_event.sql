-- A correction reads, and ends, what still runs of the event that it replaces.
CREATE INDEX clock_event ON clock (event_no) WHERE state IN ('running', 'paused');
