/*
 * message_id.c — a keyed hash of the row's key as the left part of a msg-id.
 */
#include "delivery/message_id.h"

#include "base/buf.h"
#include "base/limits.h"
#include "crypt/keyed_hash.h"
#include "delivery/outbox_store.h"

void
message_id_add(struct buf *out, const struct crypt_key *key, struct sv installation,
	       struct sv domain, const struct outbox_row *row)
{
	struct buf text;
	unsigned char hash[KEYED_HASH];

	buf_init(&text, 4 * KIB);
	buf_addf(&text, "%lld %lld %lld ", (long long)row->alert, (long long)row->person,
		 (long long)row->contact);
	buf_add(&text, installation);
	BUG_ON(!buf_ok(&text));
	keyed_hash(hash, key, "message-id", buf_sv(&text));
	buf_adds(out, "<t.");
	buf_add_hex(out, (struct sv){(const char *)hash, sizeof(hash)});
	buf_addc(out, '@');
	buf_add(out, domain);
	buf_addc(out, '>');
	buf_fini(&text);
}
