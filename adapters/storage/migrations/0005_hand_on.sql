-- A summary that hands a child on: once the team accepts it, the open clocks of the team before are its own.
CREATE TABLE hand_on (
    delivery  uuid NOT NULL,
    child     uuid NOT NULL,
    from_team text NOT NULL,
    to_team   text NOT NULL,
    PRIMARY KEY (delivery, child, from_team)
);
CREATE INDEX hand_on_child ON hand_on (child);
