-- Due work and numbers go by the delivery's own rising number: a random uuid as their key made each touch a page of its own.
ALTER TABLE delivery DROP CONSTRAINT delivery_pkey;
ALTER TABLE delivery ADD PRIMARY KEY (no);
CREATE UNIQUE INDEX delivery_id ON delivery (id);

DROP INDEX due_delivery;
ALTER TABLE due DROP COLUMN delivery;
CREATE INDEX due_again ON due (no) WHERE attempts > 0;

ALTER TABLE sent ADD COLUMN no bigint;
UPDATE sent SET no = d.no FROM delivery d WHERE d.id = sent.delivery;
ALTER TABLE sent DROP COLUMN delivery;
ALTER TABLE sent ADD PRIMARY KEY (no);

-- A child's chronology and register, and clocks that a cancellation opens again, are found by the person.
CREATE INDEX happening_person ON happening (person);
CREATE INDEX clock_ended ON clock (child) WHERE state = 'met' AND met_by <> '';
