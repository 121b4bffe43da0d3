/*
 * mac.c — keyed BLAKE2b, url-safe.
 */
#include "crypt/mac.h"

#include <sodium.h>

#include "base/buf.h"
#include "crypt/keyed_hash.h"

_Static_assert(sodium_base64_ENCODED_LEN(KEYED_HASH, sodium_base64_VARIANT_URLSAFE_NO_PADDING) ==
		       MAC_CHARS + 1,
	       "the header states the size");

static void
mac_make(char out[MAC_CHARS + 1], const struct crypt_key *key, const char *domain, struct sv text)
{
	unsigned char raw[KEYED_HASH];

	keyed_hash(raw, key, domain, text);
	sodium_bin2base64(out, MAC_CHARS + 1, raw, sizeof(raw),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void
mac_add(struct buf *ret, const struct crypt_key *key, const char *domain, struct sv text)
{
	char out[MAC_CHARS + 1];

	mac_make(out, key, domain, text);
	buf_adds(ret, out);
}

bool
mac_ok(const struct crypt_key *key, const char *domain, struct sv text, struct sv mac)
{
	char want[MAC_CHARS + 1];

	if (mac.n != MAC_CHARS)
		return false;
	mac_make(want, key, domain, text);
	return sodium_memcmp(want, mac.p, MAC_CHARS) == 0;
}
