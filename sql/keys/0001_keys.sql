-- The key store of the role `keys`: apart from the data, with its own backups.
CREATE TABLE person_key (
	person  {id},
	wrapped {blob} NOT NULL        -- nonce and the key under the master key
);

CREATE TABLE tombstone (
	person {id},
	at     {int} NOT NULL
);
