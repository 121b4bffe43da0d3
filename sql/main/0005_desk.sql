-- Officers and what they did.
CREATE TABLE officer (
	id       {id},
	name     {text} NOT NULL UNIQUE,
	password {text},               -- argon2id; NULL: cannot sign in with one
	disabled {int} NOT NULL,
	created  {int} NOT NULL
);

CREATE TABLE officer_role (
	officer {int} NOT NULL,
	role    {int} NOT NULL,        -- enum role (desk/officer.h)
	granted {int} NOT NULL,
	PRIMARY KEY (officer, role)
) {clustered};

-- Granting the approver role needs two (DESIGN 3.1).
CREATE TABLE role_request (
	id           {id},
	officer      {int} NOT NULL,
	role         {int} NOT NULL,
	requested_by {int} NOT NULL,
	requested    {int} NOT NULL,
	decided_by   {int},
	decided      {int},
	granted      {int}
);

-- One-time sign-in links and sessions, by the hash of their token.
CREATE TABLE signin (
	hash    {blob} NOT NULL PRIMARY KEY,
	officer {int} NOT NULL,
	expires {int} NOT NULL,
	used    {int}
) {clustered};

CREATE TABLE session (
	hash    {blob} NOT NULL PRIMARY KEY,
	officer {int} NOT NULL,
	expires {int} NOT NULL
) {clustered};

CREATE TABLE export_request (
	id         {id},
	officer    {int} NOT NULL,
	alert      {int} NOT NULL,     -- whose audience; 0: all persons
	recipient  {text} NOT NULL,    -- public key it is encrypted to
	reason     {text} NOT NULL,
	requested  {int} NOT NULL,
	approver   {int},
	approved   {int},
	expires    {int},              -- the download's end
	fetched    {int}
);

-- Append-only; each row's hash covers the one before.
CREATE TABLE audit (
	seq     {id},
	at      {int} NOT NULL,
	officer {int} NOT NULL,        -- 0: the system itself
	action  {text} NOT NULL,
	object  {text} NOT NULL,       -- "alert 7", "person 12"
	detail  {text} NOT NULL,
	persons {blob},                -- ids whose details were read, as in audience_piece
	hash    {blob} NOT NULL
);

INSERT INTO counter (name, value) VALUES ('officer', 0);
INSERT INTO counter (name, value) VALUES ('audit', 0);
INSERT INTO counter (name, value) VALUES ('export', 0);
INSERT INTO counter (name, value) VALUES ('role_request', 0);
