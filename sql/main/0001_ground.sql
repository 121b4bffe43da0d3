-- What every room stands on: counters, the change log, settings.
CREATE TABLE counter (
	name  {text} NOT NULL PRIMARY KEY,
	value {int} NOT NULL
) {clustered};

CREATE TABLE change (
	seq  {id},
	kind {int} NOT NULL,
	id   {int} NOT NULL
);

CREATE TABLE setting (
	name  {text} NOT NULL PRIMARY KEY,
	value {text} NOT NULL
) {clustered};

INSERT INTO counter (name, value) VALUES ('change', 0);
