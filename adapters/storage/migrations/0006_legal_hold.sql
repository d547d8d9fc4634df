-- A legal hold on one person: while it holds, nothing about that person is past keeping. Released by a named person.
CREATE TABLE legal_hold (
    no           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person       uuid NOT NULL,
    held_by      text NOT NULL,
    held_at      timestamptz NOT NULL,
    why          text NOT NULL,
    until        date,                       -- its last day; null: until it is released
    released_by  text,
    released_at  timestamptz,
    released_why text
);
