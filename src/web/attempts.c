/*
 * attempts.c — see attempts.h. A key has ATTEMPTS_WAYS places; when all are
 * taken the one whose window began first gives way.
 */
#include "web/attempts.h"

#include <arpa/inet.h>
#include <string.h>

static uint64_t
key_of(const struct attempts *t, char kind, struct sv text)
{
	return sv_hash(text, t->seed ^ (uint64_t)(unsigned char)kind) | 1;
}

/* The first half of an IPv6 address; of others the text itself. */
static uint64_t
address_key(const struct attempts *t, struct sv address)
{
	unsigned char bytes[16];
	char text[64];

	if (address.n >= sizeof(text))
		return key_of(t, 'a', address);
	memcpy(text, address.p, address.n);
	text[address.n] = '\0';
	if (inet_pton(AF_INET6, text, bytes) != 1)
		return key_of(t, 'a', address);
	return key_of(t, '6', (struct sv){(const char *)bytes, 8});
}

static struct attempts_slot *
slot_of(struct attempts *t, uint64_t key, int64_t now)
{
	struct attempts_slot *s =
		&t->slots[key / 2 % (ATTEMPTS_SLOTS / ATTEMPTS_WAYS) * ATTEMPTS_WAYS];
	struct attempts_slot *oldest = s;
	size_t i;

	for (i = 0; i < ATTEMPTS_WAYS; i++) {
		if (s[i].key == key && s[i].from + ATTEMPTS_WINDOW_S > now)
			return &s[i];
		if (s[i].key == 0 || s[i].from < oldest->from)
			oldest = &s[i];
	}
	*oldest = (struct attempts_slot){key, now, 0};
	return oldest;
}

bool
attempts_left(struct attempts *t, struct sv address, unsigned most, int64_t now)
{
	return slot_of(t, address_key(t, address), now)->n < most;
}

void
attempts_count(struct attempts *t, struct sv address, int64_t now)
{
	slot_of(t, address_key(t, address), now)->n++;
}

bool
attempts_allow(struct attempts *t, struct sv name, struct sv address, int64_t now)
{
	struct attempts_slot *by_address = slot_of(t, address_key(t, address), now);
	struct attempts_slot *by_name;

	if (by_address->n >= ATTEMPTS_ADDRESS)
		return false;
	by_address->n++;
	if (name.n == 0)
		return true;
	by_name = slot_of(t, key_of(t, 'n', name), now);
	if (by_name->n >= ATTEMPTS_NAME)
		return false;
	by_name->n++;
	return true;
}

void
attempts_forgive(struct attempts *t, struct sv name)
{
	uint64_t key = key_of(t, 'n', name);
	size_t i;

	for (i = 0; i < ATTEMPTS_SLOTS; i++)
		if (t->slots[i].key == key)
			t->slots[i] = (struct attempts_slot){0, 0, 0};
}
