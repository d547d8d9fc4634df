-- A receipt may speak of one of the actions that were agreed: the others are still owed.
ALTER TABLE receipt ADD COLUMN action text;
