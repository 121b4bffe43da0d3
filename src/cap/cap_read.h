/*
 * cap_read.h — a CAP message from bytes, and what is wrong with it.
 *
 * Reading is bounded (base/limits.h), uses no network, resolves no entity of
 * the document's own and refuses DOCTYPE. It builds as much of the tree as it
 * can and records each finding; so that a checker can report and a lenient
 * consumer can go on.
 */
#ifndef CAP_CAP_READ_H
#define CAP_CAP_READ_H

#include "cap/cap.h"

enum cap_level { CAP_LEVEL_SCHEMA, CAP_LEVEL_SPEC, CAP_LEVEL_PROFILE, CAP_LEVELS };

struct cap_finding {
	const char *rule; /* stable name, see doc/cap-rules.md */
	enum cap_level level;
	bool warning;
	int line;
	struct sv path;    /* XPath: /alert/info[2]/expires */
	struct sv message; /* what was found, what is expected */
	const char *mend;  /* what to do, one sentence */
};

struct cap_findings {
	const struct cap_finding *v;
	size_t n;
	size_t errors; /* those that are not warnings */
};

/* Read one message. Everything in *ret_alert and *ret_findings lives in the arena
 * (text itself need not outlive the call).
 *   RC_OK      it is well-formed XML with a CAP <alert> as root; whether
 *              it is valid is findings->errors == 0 (structure and rules both judged)
 *   RC_SYNTAX  not well-formed, DOCTYPE, no alert at the root; the sentence says where
 *   RC_LIMIT   larger, deeper or longer than we accept */
enum rc cap_read(const struct cap_alert **ret_alert, const struct cap_findings **ret_findings,
		 struct arena *, struct sv text, struct err *) CHECKED;

/* Why a message was refused as a whole. */
struct cap_refusal {
	const char *rule;
	int line;
};

/* The same; *ret_refusal is written when the result is not RC_OK. */
enum rc cap_read_told(const struct cap_alert **ret_alert, const struct cap_findings **ret_findings,
		      struct cap_refusal *ret_refusal, struct arena *, struct sv text, struct err *)
	CHECKED;

/* For many messages, one after another: the reader keeps its parser. For one thread. */
struct cap_reader;

struct cap_reader *cap_reader_open(void) CHECKED; /* never NULL */
void cap_reader_close(struct cap_reader **);      /* NULL inside is fine; leaves NULL */

/* As cap_read_told. What it returns does not depend on the reader's life. */
enum rc cap_reader_read(struct cap_reader *, const struct cap_alert **ret_alert,
			const struct cap_findings **ret_findings, struct cap_refusal *ret_refusal,
			struct arena *, struct sv text, struct err *) CHECKED;

#endif
