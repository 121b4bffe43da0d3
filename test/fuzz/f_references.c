/*
 * f_references.c — any bytes as <references> and as <addresses>: the items are
 * the words of the text, in order, none lost; a good one is its three parts.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_values.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next word of the text from *at on, found the simple way. */
static struct sv
next_word(struct sv v, size_t *at)
{
	size_t from;

	while (*at < v.n && is_space(v.p[*at]))
		++*at;
	for (from = *at; *at < v.n && !is_space(v.p[*at]);)
		++*at;
	return (struct sv){v.p + from, *at - from};
}

static void
check_references(struct sv v)
{
	struct buf parts = BUF_INIT(LIMIT_CAP_FILE + 8);
	struct sv rest = v, item, word;
	struct cap_reference r;
	struct time_at t;
	size_t at = 0;
	bool ok;

	while (cap_next_reference(&rest, &item, &r, &ok)) {
		word = next_word(v, &at);
		BUG_ON(item.n == 0 || item.p != word.p || item.n != word.n);
		if (!ok)
			continue;
		buf_reset(&parts);
		buf_add(&parts, r.sender);
		buf_addc(&parts, ',');
		buf_add(&parts, r.identifier);
		buf_addc(&parts, ',');
		buf_add(&parts, r.sent.text);
		BUG_ON(!sv_eq(buf_sv(&parts), item));
		BUG_ON(!cap_is_name(r.sender) || !cap_is_name(r.identifier));
		BUG_ON(!r.sent.ok || !cap_parse_time(r.sent.text, &t) || t.utc != r.sent.at.utc);
	}
	BUG_ON(next_word(v, &at).n != 0);
	buf_fini(&parts);
}

/* Items lie in the text one after the other, and a pair of quotes holds what was between them. */
static void
check_addresses(struct sv v)
{
	struct sv rest = v, item;
	const char *last = v.p;
	bool ok;

	while (cap_next_quoted(&rest, &item, &ok)) {
		BUG_ON(item.p < last || item.p + item.n > v.p + v.n);
		BUG_ON(rest.p < item.p + item.n || rest.p + rest.n != v.p + v.n);
		BUG_ON(ok && item.n > 0 && memchr(item.p, '"', item.n) != NULL);
		last = item.p;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv v = {size > 0 ? (const char *)data : "", size};

	if (size > LIMIT_CAP_FILE)
		return 0;
	check_references(v);
	check_addresses(v);
	return 0;
}
