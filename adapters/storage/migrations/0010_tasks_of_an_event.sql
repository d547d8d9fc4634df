-- A cancellation ends what was still to be done for the event that it cancels.
CREATE INDEX task_event ON task (event_no) WHERE state <> 'closed';
