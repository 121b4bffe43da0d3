/*
 * cap_feed.h — feeds and envelopes of CAP messages: Atom (RFC 4287), RSS 2.0,
 * EDXL-DE 1.0. What they hold, and what is wrong with them.
 *
 * Read within the bounds of a message (base/limits.h); nothing is fetched. A
 * message inside is judged as any other; its findings have the path and, but
 * for start tags over several lines, the line that they have in the feed.
 */
#ifndef CAP_CAP_FEED_H
#define CAP_CAP_FEED_H

#include "cap/cap_read.h"

enum cap_feed_kind { CAP_FEED_ATOM, CAP_FEED_RSS, CAP_FEED_EDXL };

/* An <entry>, <item> or <contentObject>. Texts that are absent are SV_NONE. */
struct cap_feed_entry {
	struct sv id, title, updated; /* RSS: guid, title or description, pubDate */
	struct sv link;               /* to a CAP message */
	struct sv message;            /* the message inside, as a document of its own */
	struct sv path;
	int line;
};

struct cap_feed {
	enum cap_feed_kind kind;
	const struct cap_feed_entry *entries;
	size_t n_entries;
};

/* RC_OK: a feed; it is valid when findings->errors == 0. RC_SYNTAX: not well-formed, or no
 * feed of these kinds; RC_LIMIT. *ret_refusal is written when the result is not RC_OK. */
enum rc cap_feed_read(const struct cap_feed **ret, const struct cap_findings **ret_findings,
		      struct cap_refusal *ret_refusal, struct arena *, struct sv text, struct err *)
	CHECKED;

#endif
