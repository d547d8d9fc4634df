-- A delivery that its recipient could not take, sent again by a named person: how many failures were known then.
-- It is failed again only when another failure comes; so a second replay finds nothing to do.
CREATE TABLE replayed (
    delivery uuid NOT NULL,
    failures integer NOT NULL,
    by_name  text NOT NULL,
    reason   text NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (delivery, failures)
);
