/*
 * cap_mend.h — the lenient reader: foreign messages, mended where that cannot
 * change who, where, when or what, with a record of each mend.
 *
 * A message is parsed as the strict reader does (bounded, no network, no entity of its own,
 * DOCTYPE refused), its elements are mended by the list cap_mends.def, written in the
 * one fixed form of cap_write.h, and that text is read by the strict reader.
 * What remains wrong is therefore found by the same rules.
 */
#ifndef CAP_CAP_MEND_H
#define CAP_CAP_MEND_H

#include "cap/cap_read.h"

#define CAP_MEND(id, ...) CAP_MEND_##id,
enum cap_mend_kind {
#include "cap/cap_mends.def"
	CAP_MENDS
};
#undef CAP_MEND

struct cap_mend_row {
	const char *name; /* stable */
	const char *what;
	const char *why; /* why it cannot change the meaning */
};

/* The row of a mend; k < CAP_MENDS. */
const struct cap_mend_row *cap_mend_row(enum cap_mend_kind k);

struct cap_mend {
	enum cap_mend_kind kind;
	int line;           /* in the bytes that were given */
	struct sv path;     /* XPath in the alert as it came; "" for the bytes as a whole */
	struct sv from, to; /* in full; empty where there is nothing to say */
};

/* One alert of the bytes that were given. */
struct cap_lenient {
	struct sv xml;                /* mended, in the form of cap_write; without any Signature */
	const struct cap_mend *mends; /* by line */
	size_t n_mends;
	const struct cap_alert *alert;       /* read from xml; NULL when that was refused */
	const struct cap_findings *findings; /* of xml, whose lines they name; NULL with alert */
	struct cap_refusal refusal;          /* when alert is NULL, with its sentence */
	struct sv sentence;
};

/* Read every alert in the text: at the root, inside a feed, an envelope or another wrapper, as
 * elements or as text. Everything in *ret lives in the arena. max_points: polygons
 * of more points are replaced by ones of fewer that cover them; 0: never.
 *   RC_OK      *ret_n is one or more
 *   RC_SYNTAX  not well-formed, DOCTYPE, no CAP alert in it; the sentence says where
 *   RC_LIMIT   larger, deeper or longer than we accept */
enum rc cap_read_lenient(const struct cap_lenient **ret, size_t *ret_n,
			 struct cap_refusal *ret_refusal, struct arena *, struct sv text,
			 size_t max_points, struct err *) CHECKED;

#endif
