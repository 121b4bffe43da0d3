-- The outbox: one row per alert version x person x contact point.
-- See src/delivery/outbox.h for the states and their moves.
CREATE TABLE delivery (
	alert      {int} NOT NULL,
	person     {int} NOT NULL,
	contact    {int} NOT NULL,     -- contact.n; 0: no channel
	thread     {int} NOT NULL,
	channel    {int} NOT NULL,
	state      {int} NOT NULL,
	attempts   {int} NOT NULL,
	next_at    {int} NOT NULL,     -- not before, UTC seconds
	lease      {int} NOT NULL,     -- the claim lapses then; 0: none
	epoch      {int} NOT NULL,     -- which dispatcher's run claimed it; 0: none
	provider_ref {text},           -- what the peer called it
	error      {text},             -- the peer's last words, without addresses
	updated    {int} NOT NULL,
	PRIMARY KEY (alert, person, contact)
) {clustered};

-- How far we got with a person in a thread (answers/reach.h).
CREATE TABLE reach (
	thread  {int} NOT NULL,
	person  {int} NOT NULL,
	state   {int} NOT NULL,
	updated {int} NOT NULL,
	PRIMARY KEY (thread, person)
) {clustered};

INSERT INTO counter (name, value) VALUES ('epoch', 0);
