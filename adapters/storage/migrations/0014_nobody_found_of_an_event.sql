-- What an update must not ask anew: for whom nobody was found by earlier versions of its record, closed tasks as well.
CREATE INDEX task_nobody ON task (event_no) WHERE kind = 'nobody-found';
