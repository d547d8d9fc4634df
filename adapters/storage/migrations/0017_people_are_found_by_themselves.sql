-- Nothing asks who is in a family: its file says so, and people are found by id or number. The index was written with every
-- person and read by no query (retention asks of people whose ids it has).
DROP INDEX person_family;
