/*
 * thread_brief.h — messages in short, and what is told of them in short, for the tests of
 * threads.
 */
#ifndef TEST_CAP_THREAD_BRIEF_H
#define TEST_CAP_THREAD_BRIEF_H

#include <stdio.h>

#include "test/lib/unit.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_thread.h"

#define DAY0 INT64_C(1790000000) /* 2026-09-21T14:13:20Z */
#define HOUR 3600

/* A message in short: "sender/identifier@hours type status from-until > references".
 * Times are hours after DAY0; from-until "-": no info times. */
struct brief {
	const char *sender, *identifier;
	int sent;
	enum cap_msgtype type;
	enum cap_status status;
	int from, until;        /* 0: absent */
	const char *references; /* "a/1@0 a/2@3" */
	const char *headline;
};

static inline struct sv
cap_text(struct arena *a, int hours)
{
	struct buf b = BUF_INIT(64);
	struct sv text;

	time_add_cap(&b, (struct time_at){DAY0 + hours * HOUR, 0});
	text = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return text;
}

static inline struct cap_time
cap_time(struct arena *a, int hours)
{
	return (struct cap_time){cap_text(a, hours), {DAY0 + hours * HOUR, 0}, true};
}

/* "a/1@0" as "a,1,2026-…"; what has no '/' stays as it is. */
static inline struct sv
references(struct arena *a, const char *brief)
{
	struct sv rest = sv_of(brief), word;
	struct buf b = BUF_INIT(64 * KIB);
	struct sv text;

	while (sv_word(&rest, &word)) {
		size_t slash = sv_find_char(word, '/'), at = sv_find_char(word, '@');
		int64_t hours = 0;

		if (b.n > 0)
			buf_addc(&b, ' ');
		if (slash == word.n || !sv_to_i64(sv_from(word, at + 1), &hours)) {
			buf_add(&b, word);
			continue;
		}
		buf_addf(&b, "%.*s,%.*s,", SV_ARG(sv_head(word, slash)),
			 SV_ARG(sv_head(sv_from(word, slash + 1), at - slash - 1)));
		buf_add(&b, cap_text(a, (int)hours));
	}
	text = b.n > 0 ? arena_sv(a, buf_sv(&b)) : SV_NONE;
	buf_fini(&b);
	return text;
}

static inline const struct cap_alert *
make_alert(struct arena *a, const struct brief *m)
{
	struct cap_alert *alert = ARENA_NEW(a, struct cap_alert);
	struct cap_info *info = ARENA_NEW(a, struct cap_info);

	info->headline = sv_of(m->headline);
	if (m->from != 0)
		info->effective = cap_time(a, m->from);
	if (m->until != 0)
		info->expires = cap_time(a, m->until);
	alert->sender = sv_of(m->sender);
	alert->identifier = sv_of(m->identifier);
	alert->sent = cap_time(a, m->sent);
	alert->status = m->status;
	alert->status_text = sv_of(cap_status_name(m->status));
	alert->msgtype = m->type;
	alert->msgtype_text = sv_of(cap_msgtype_name(m->type));
	alert->references_text = references(a, m->references != NULL ? m->references : "");
	alert->infos = info;
	alert->n_infos = 1;
	return alert;
}

static inline const struct cap_threads *
sort_at(struct arena *a, const struct cap_thread_input *in, size_t n, int64_t at)
{
	const struct cap_threads *t = NULL;
	struct err e = ERR_INIT;

	if (cap_thread_sort(&t, a, in, n, at, CAP_THREAD_HOURS, &e) != RC_OK)
		fail_msg("%s", e.text);
	return t;
}

/* "IDENTIFIER state[<by]" of each message in its order, "|" between threads, then the
 * findings "; IDENTIFIER kind". */
static inline const char *
told(struct arena *a, const struct cap_threads *t)
{
	struct buf b = BUF_INIT(MIB);
	size_t i, k;
	char *text;

	for (i = 0; i < t->n_threads; i++) {
		const struct cap_thread *th = &t->threads[i];

		if (i > 0)
			buf_adds(&b, " | ");
		for (k = th->first; k < th->first + th->n; k++) {
			const struct cap_thread_message *m = &t->messages[k];

			buf_addf(&b, "%s%.*s %s", k > th->first ? ", " : "",
				 SV_ARG(m->alert->identifier), cap_thread_state_name(m->state));
			if (m->by != CAP_THREAD_NONE)
				buf_addf(&b, "<%.*s", SV_ARG(t->messages[m->by].alert->identifier));
		}
		for (k = th->first_finding; k < th->first_finding + th->n_findings; k++)
			buf_addf(&b, "; %.*s %s",
				 SV_ARG(t->messages[t->findings[k].message].alert->identifier),
				 cap_thread_kind_name(t->findings[k].kind));
	}
	text = arena_str(a, buf_sv(&b));
	buf_fini(&b);
	return text;
}

#define A      CAP_MSGTYPE_ALERT
#define U      CAP_MSGTYPE_UPDATE
#define C      CAP_MSGTYPE_CANCEL
#define ACTUAL CAP_STATUS_ACTUAL
#define MSG(id, sent, type, refs)                            \
	{                                                    \
		"s", id, sent, type, ACTUAL, 0, 0, refs, "h" \
	}

#endif
