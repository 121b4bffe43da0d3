-- Persons, their stays and contact points. Names, addresses and notes are
-- sealed with the person's key; stays and citizenships are not (DESIGN 3.8).
CREATE TABLE person (
	id           {id},
	ref          {text} NOT NULL UNIQUE,
	citizenships {text} NOT NULL,  -- "FR;RU": sorted, no repeats
	languages    {text} NOT NULL,  -- "ru;en": the first is preferred
	groups       {text} NOT NULL,  -- sorted, ';' between
	sealed       {blob},           -- the name
	updated      {int} NOT NULL
);

CREATE TABLE stay (
	person      {int} NOT NULL,
	n           {int} NOT NULL,    -- 1, 2, … of this person
	country     {text} NOT NULL,   -- alpha-2; '' when nowhere known
	subdivision {text} NOT NULL,   -- "RU-MOW", or ''
	lat         {real},            -- both NULL: somewhere in country
	lon         {real},
	from_day    {int} NOT NULL,    -- days since 1970, included
	to_day      {int},             -- included; NULL: open-ended
	PRIMARY KEY (person, n)
) {clustered};

CREATE TABLE contact (
	person  {int} NOT NULL,
	n       {int} NOT NULL,        -- 1, 2, …: the order of the ladder
	channel {int} NOT NULL,        -- enum channel (people/contact.h)
	hash    {blob} NOT NULL,       -- keyed hash of the normal form
	sealed  {blob} NOT NULL,
	state   {int} NOT NULL,        -- enum contact_state: in use, bounced, opted out
	PRIMARY KEY (person, n)
) {clustered};

CREATE INDEX contact_hash ON contact (hash);

CREATE TABLE tombstone (
	person {id},
	at     {int} NOT NULL
);

INSERT INTO counter (name, value) VALUES ('person', 0);
