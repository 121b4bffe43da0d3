-- The outbox: one row per alert version x person x contact point.
-- See src/delivery/outbox.h for the states and their moves.
CREATE TABLE delivery (
	alert      {int} NOT NULL,
	person     {int} NOT NULL,
	contact    {int} NOT NULL,     -- contact.n; 0: no channel, or opted out
	thread     {int} NOT NULL,
	channel    {int} NOT NULL,     -- enum channel (people/contact.h)
	concerned  {int} NOT NULL,     -- as in audience_piece
	state      {int} NOT NULL,     -- enum outbox_state
	next_at    {int},              -- due from then on, UTC seconds; NULL: claimed, or at an end
	claim      {int} NOT NULL,     -- claim.id while claimed or in flight; else 0
	attempts   {int} NOT NULL,     -- answers of the peer so far
	doubts     {int} NOT NULL,     -- how often it was in doubt: the peer may have it already
	provider_ref {text},           -- what the peer called it
	error      {text},             -- the peer's last words, without addresses
	updated    {int} NOT NULL,
	PRIMARY KEY (alert, person, contact)
) {clustered};

-- What may be claimed. Starting and settling a row do not touch it.
CREATE INDEX delivery_due ON delivery (alert, next_at, person, contact) WHERE next_at IS NOT NULL;

-- A batch that a dispatcher holds: rows of one alert, persons lo to hi.
CREATE TABLE claim (
	id    {id},
	epoch {int} NOT NULL,
	alert {int} NOT NULL,
	lo    {int} NOT NULL,
	hi    {int} NOT NULL
);

-- The runs of dispatchers that are alive. A claim whose epoch is not here, or
-- whose lease is over, is taken back.
CREATE TABLE dispatcher (
	name  {text} NOT NULL PRIMARY KEY, -- one run at a time has this name, held by a lock file
	epoch {int} NOT NULL,
	lease {int} NOT NULL               -- until then, UTC seconds
) {clustered};

CREATE INDEX audience_piece_open ON audience_piece (alert, piece) WHERE done = 0;

-- How far we got with a person in a thread (answers/reach.h). No row: unreached.
CREATE TABLE reach (
	thread  {int} NOT NULL,
	person  {int} NOT NULL,
	state   {int} NOT NULL,
	updated {int} NOT NULL,
	PRIMARY KEY (thread, person)
) {clustered};

INSERT INTO counter (name, value) VALUES ('epoch', 0);
INSERT INTO counter (name, value) VALUES ('claim', 0);
