-- Where a child was recorded as dead in error, the clocks that had stopped for that are found to run again.
CREATE INDEX clock_died ON clock (child) WHERE ended_how = 'the child died';
