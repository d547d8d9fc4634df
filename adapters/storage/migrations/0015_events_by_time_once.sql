-- Events by the time of their keeping stand in event_kept (0004) as well, in order and with what oversight counts.
DROP INDEX event_accepted;
