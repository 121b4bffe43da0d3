-- Alerts: one row a version; a thread is its first version's id.
CREATE TABLE alert (
	id         {id},
	thread     {int} NOT NULL,
	version    {int} NOT NULL,     -- 1, 2, … in the thread
	state      {int} NOT NULL,     -- enum alert_state
	author     {int} NOT NULL,     -- officer
	approver   {int},              -- never the author
	identifier {text},             -- frozen at approval, with sender, sent, xml
	sender     {text},
	sent       {int},
	msgtype    {int} NOT NULL,     -- enum cap_msgtype
	status     {int} NOT NULL,     -- enum cap_status
	scope      {int} NOT NULL,     -- enum cap_scope
	effective  {int} NOT NULL,
	expires    {int} NOT NULL,
	headline   {text} NOT NULL,
	xml        {blob} NOT NULL,    -- the draft's text, then the frozen signed bytes
	correction {blob},             -- the Cancel that is approved together with it
	size       {int},              -- audience that the approver typed
	created    {int} NOT NULL,
	submitted  {int},
	approved   {int},
	live       {int},
	ended      {int},
	UNIQUE (thread, version)
);

CREATE UNIQUE INDEX alert_identifier ON alert (identifier);
CREATE INDEX alert_state ON alert (state, id);

-- The audience as it was when the alert was sent, in pieces of at most 2,000
-- persons: the promise that the fan-out works off, a piece a transaction.
CREATE TABLE audience_piece (
	alert   {int} NOT NULL,
	piece   {int} NOT NULL,
	n       {int} NOT NULL,        -- persons in it
	persons {blob} NOT NULL,       -- ascending ids: first, then differences, LEB128
	concerned {int} NOT NULL DEFAULT 1, -- 0: told that it no longer concerns them
	done    {int} NOT NULL,        -- 1: its deliveries are in the outbox
	PRIMARY KEY (alert, piece)
) {clustered};

INSERT INTO counter (name, value) VALUES ('alert', 0);
