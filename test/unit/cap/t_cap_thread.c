/*
 * t_cap_thread.c — threads: cases by hand, many messages, and the corpus.
 */
#include "thread_brief.h"

#include "base/mem.h"
#include "cap/cap_read.h"
#include "corpus.h"

static const struct {
	const char *name;
	int at;
	struct brief in[5];
	const char *want;
} cases[] = {
	{"one", 1, {MSG("1", 0, A, "")}, "1 in-force"},
	{"72 hours", 71, {MSG("1", 0, A, "")}, "1 in-force"},
	{"and no longer", 72, {MSG("1", 0, A, "")}, "1 expired"},
	{"expires is its end", 5, {{"s", "1", 0, A, ACTUAL, 0, 5, "", "h"}}, "1 expired"},
	{"until then", 4, {{"s", "1", 0, A, ACTUAL, 0, 5, "", "h"}}, "1 in-force"},
	{"effective later", 2, {{"s", "1", 0, A, ACTUAL, 3, 5, "", "h"}}, "1 not-yet-effective"},
	{"sent later", -1, {MSG("1", 0, A, "")}, "1 not-yet-sent"},
	{"update", 2, {MSG("2", 1, U, "s/1@0"), MSG("1", 0, A, "")}, "1 superseded<2, 2 in-force"},
	{"update not yet sent",
	 1,
	 {MSG("2", 2, U, "s/1@0"), MSG("1", 0, A, "")},
	 "1 in-force, 2 not-yet-sent"},
	{"cancel", 2, {MSG("1", 0, A, ""), MSG("2", 1, C, "s/1@0")}, "1 cancelled<2, 2 withdrawal"},
	{"update lists the newest only",
	 3,
	 {MSG("1", 0, A, ""), MSG("2", 1, U, "s/1@0"), MSG("3", 2, U, "s/2@1")},
	 "1 superseded<2, 2 superseded<3, 3 in-force"},
	{"update lists all: the first of them ended it",
	 3,
	 {MSG("1", 0, A, ""), MSG("3", 2, U, "s/1@0 s/2@1"), MSG("2", 1, U, "s/1@0")},
	 "1 superseded<2, 2 superseded<3, 3 in-force"},
	{"cancel after updates",
	 9,
	 {MSG("1", 0, A, ""), MSG("2", 1, U, "s/1@0"), MSG("3", 2, C, "s/1@0 s/2@1")},
	 "1 cancelled<3, 2 cancelled<3, 3 withdrawal"},
	{"an expired update still supersedes",
	 9,
	 {MSG("1", 0, A, ""), {"s", "2", 1, U, ACTUAL, 0, 3, "s/1@0", "h"}},
	 "1 superseded<2, 2 expired"},
	{"branch",
	 3,
	 {MSG("1", 0, A, ""), MSG("2", 1, U, "s/1@0"), MSG("3", 2, U, "s/1@0")},
	 "1 superseded<2, 2 in-force, 3 in-force; 1 branch"},
	{"a branch that was ended is none",
	 4,
	 {MSG("1", 0, A, ""), MSG("2", 1, U, "s/1@0"), MSG("3", 2, U, "s/1@0"),
	  MSG("4", 3, U, "s/3@2 s/2@1")},
	 "1 superseded<2, 2 superseded<4, 3 superseded<4, 4 in-force"},
	{"dangling", 3, {MSG("2", 1, U, "s/1@0")}, "2 in-force; 2 dangling"},
	{"another sent is another message",
	 3,
	 {MSG("1", 0, A, ""), MSG("2", 1, U, "s/1@1")},
	 "1 in-force | 2 in-force; 2 dangling"},
	{"update after cancel",
	 4,
	 {MSG("1", 0, A, ""), MSG("2", 1, C, "s/1@0"), MSG("3", 2, U, "s/1@0")},
	 "1 cancelled<2, 2 withdrawal, 3 in-force; 3 update-after-cancel"},
	{"cancel of a cancel",
	 4,
	 {MSG("1", 0, A, ""), MSG("2", 1, C, "s/1@0"), MSG("3", 2, C, "s/2@1")},
	 "1 cancelled<2, 2 cancelled<3, 3 withdrawal; 3 cancel-of-cancel"},
	{"cancel of what was updated",
	 4,
	 {MSG("1", 0, A, ""), MSG("2", 1, U, "s/1@0"), MSG("3", 2, C, "s/1@0")},
	 "1 cancelled<3, 2 in-force, 3 withdrawal; 3 cancel-misses-newest"},
	{"itself", 4, {MSG("1", 0, U, "s/1@0")}, "1 in-force; 1 self-reference"},
	{"circle of one second",
	 4,
	 {MSG("1", 0, U, "s/2@0"), MSG("2", 0, U, "s/1@0")},
	 "1 in-force, 2 in-force; 1 cycle; 2 cycle"},
	{"circle with a tail",
	 4,
	 {MSG("1", 0, U, "s/2@0"), MSG("2", 0, U, "s/1@0"), MSG("3", 0, C, "s/1@0"),
	  MSG("0", 0, A, ""), MSG("4", 0, U, "s/0@0")},
	 "0 superseded<4, 4 in-force | 1 cancelled<3, 2 in-force, 3 withdrawal; 1 cycle; 2 cycle"},
	{"one second, no circle",
	 4,
	 {MSG("1", 0, U, "s/2@0"), MSG("2", 0, A, "")},
	 "1 in-force, 2 superseded<1"},
	{"older than what it updates",
	 9,
	 {MSG("1", 1, A, ""), MSG("2", 0, U, "s/1@1")},
	 "2 in-force, 1 in-force; 2 older-than-its-reference"},
	{"another sender ends nothing",
	 9,
	 {MSG("1", 0, A, ""), {"t", "2", 1, C, ACTUAL, 0, 0, "s/1@0", "h"}},
	 "1 in-force | 2 withdrawal; 2 other-sender"},
	{"nor when the other's was not given",
	 9,
	 {{"t", "2", 1, C, ACTUAL, 0, 0, "s/1@0", "h"}},
	 "2 withdrawal; 2 dangling; 2 other-sender"},
	{"the same identifier of another sender",
	 9,
	 {MSG("1", 0, A, ""), {"t", "1", 0, A, ACTUAL, 0, 0, "", "h"}, MSG("2", 1, C, "s/1@0")},
	 "1 cancelled<2, 2 withdrawal | 1 in-force"},
	{"a test ends nothing actual",
	 9,
	 {MSG("1", 0, A, ""), {"s", "2", 1, C, CAP_STATUS_TEST, 0, 0, "s/1@0", "h"}},
	 "1 in-force, 2 withdrawal; 2 other-status"},
	{"a test ends a test",
	 9,
	 {{"s", "1", 0, A, CAP_STATUS_TEST, 0, 0, "", "h"},
	  {"s", "2", 1, C, CAP_STATUS_TEST, 0, 0, "s/1@0", "h"}},
	 "1 cancelled<2, 2 withdrawal"},
	{"draft, exercise, system",
	 9,
	 {MSG("1", 0, A, ""),
	  {"s", "2", 1, U, CAP_STATUS_DRAFT, 0, 0, "s/1@0", "h"},
	  {"s", "3", 1, U, CAP_STATUS_EXERCISE, 0, 0, "s/1@0", "h"},
	  {"s", "4", 1, U, CAP_STATUS_SYSTEM, 0, 0, "s/1@0", "h"}},
	 "1 in-force, 2 in-force, 3 in-force, 4 in-force; 2 other-status; 3 other-status; "
	 "4 other-status"},
	{"acknowledged by somebody else",
	 9,
	 {MSG("1", 0, A, ""),
	  {"b", "9", 1, CAP_MSGTYPE_ACK, ACTUAL, 0, 0, "s/1@0", "h"},
	  {"c", "8", 2, CAP_MSGTYPE_ERROR, ACTUAL, 0, 0, "s/1@0", "h"}},
	 "1 in-force, 9 remark, 8 remark"},
	{"an acknowledgement ties no threads",
	 9,
	 {MSG("1", 0, A, ""),
	  MSG("2", 1, A, ""),
	  {"b", "9", 2, CAP_MSGTYPE_ACK, ACTUAL, 0, 0, "s/2@1 s/1@0", "h"}},
	 "1 in-force | 2 in-force, 9 remark"},
	{"twice the same", 9, {MSG("1", 0, A, ""), MSG("1", 0, A, "")}, "1 in-force, 1 duplicate<1"},
	{"moved after publication",
	 9,
	 {MSG("1", 0, A, ""), {"s", "1", 0, A, ACTUAL, 0, 0, "", "k"}},
	 "1 in-force, 1 in-force; 1 moved"},
	{"a cancel takes all that moved",
	 9,
	 {MSG("1", 0, A, ""), {"s", "1", 0, A, ACTUAL, 0, 0, "", "k"}, MSG("2", 1, C, "s/1@0")},
	 "1 cancelled<2, 1 cancelled<2, 2 withdrawal; 1 moved"},
	{"an identifier used again",
	 9,
	 {MSG("1", 0, A, ""), MSG("1", 1, A, "")},
	 "1 in-force | 1 in-force; 1 identifier-reused"},
	{"an alert ends nothing",
	 9,
	 {MSG("1", 0, A, ""), MSG("2", 1, A, "s/1@0")},
	 "1 in-force, 2 in-force; 2 alert-with-references"},
	{"nothing referred to", 9, {MSG("1", 0, C, "")}, "1 withdrawal; 1 no-references"},
	{"no reference at all",
	 9,
	 {MSG("1", 0, A, ""), MSG("2", 1, C, "1")},
	 "1 in-force | 2 withdrawal; 2 bad-reference"},
	{"a bad one before a good one",
	 9,
	 {MSG("1", 0, A, ""), MSG("2", 1, C, "s,x s/1@0")},
	 "1 cancelled<2, 2 withdrawal; 2 bad-reference"},
	{"holds later, ends now",
	 3,
	 {MSG("1", 0, A, ""), {"s", "2", 1, U, ACTUAL, 6, 9, "s/1@0", "h"}},
	 "1 superseded<2, 2 not-yet-effective; 2 gap"},
	{"unclear", 3, {MSG("1", 0, CAP_MSGTYPE_NONE, "")}, "1 unclear; 1 unclear"},
	{"two without identity are not one",
	 3,
	 {MSG("", 0, A, ""), MSG("", 0, A, "")},
	 " in-force |  in-force"},
	{"unclear status",
	 3,
	 {{"s", "1", 0, A, CAP_STATUS_NONE, 0, 0, "", "h"}},
	 "1 unclear; 1 unclear"},
};

static void
by_hand(void **state)
{
	size_t i, k, n, turn;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new();
		struct cap_thread_input in[5], turned[5];
		const char *got;

		for (n = 0; n < 5 && cases[i].in[n].sender != NULL; n++)
			in[n] = (struct cap_thread_input){make_alert(a, &cases[i].in[n]), n};
		for (turn = 0; turn < n; turn++) {
			for (k = 0; k < n; k++)
				turned[k] = in[(k + turn) % n];
			got = told(a, sort_at(a, turned, n, DAY0 + cases[i].at * HOUR));
			if (strcmp(got, cases[i].want) != 0)
				fail_msg("%s: got \"%s\", want \"%s\"", cases[i].name, got,
					 cases[i].want);
		}
		arena_free(&a);
	}
}

/* A sender with a space, times in other forms: real alerts have them. */
static void
loose_references(void **state)
{
	static const struct {
		const char *sender, *references;
		bool ends;
	} forms[] = {
		{"National Weather", "National Weather,1,2026-09-21T14:13:20-00:00", true},
		{"s", "s,1,2026-09-21T14:13:20Z", true},
		{"s", "s,1,2026-09-21T17:13:20+03:00", true},
		{"s", "s,1,2026-09-21T14:13:20.000Z", true},
		{"s", "\n s,1,2026-09-21T14:13:20\t", true},
		{"s", "s,1,2026-09-21T14:13:21Z", false},
		{"s", "S,1,2026-09-21T14:13:20Z", false},
		{"s", "s,1", false},
		{"s", ",,", false},
		{"s", ",1,2026-09-21T14:13:20Z", false},
	};
	struct arena *a = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(forms); i++) {
		struct brief first = MSG("1", 0, A, ""), second = MSG("2", 1, C, "");
		struct cap_alert cancel;
		struct cap_thread_input in[2];
		const struct cap_threads *t;

		first.sender = second.sender = forms[i].sender;
		cancel = *make_alert(a, &second);
		cancel.references_text = sv_of(forms[i].references);
		in[0] = (struct cap_thread_input){make_alert(a, &first), 0};
		in[1] = (struct cap_thread_input){&cancel, 1};
		t = sort_at(a, in, 2, DAY0 + 2 * HOUR);
		if ((t->messages[0].state == CAP_THREAD_CANCELLED) != forms[i].ends)
			fail_msg("%s", forms[i].references);
		assert_int_equal(t->n_findings > 0, !forms[i].ends);
	}
	arena_free(&a);
}

/* A million words that are no reference, then one: looking back from each would take hours. */
static void
long_references(void **state)
{
	struct brief first = MSG("1", 0, A, ""), second = MSG("2", 1, C, "");
	struct arena *a = arena_new();
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	struct cap_thread_input in[2];
	const struct cap_threads *t;
	struct cap_alert cancel;
	size_t i;

	(void)state;
	buf_adds(&text, "x,");
	for (i = 0; i < 1000000; i++)
		buf_adds(&text, "a ");
	buf_adds(&text, "s,1,2026-09-21T14:13:20Z");
	cancel = *make_alert(a, &second);
	cancel.references_text = buf_sv(&text);
	in[0] = (struct cap_thread_input){make_alert(a, &first), 0};
	in[1] = (struct cap_thread_input){&cancel, 1};
	t = sort_at(a, in, 2, DAY0 + 2 * HOUR);
	assert_int_equal(t->messages[0].state, CAP_THREAD_CANCELLED);
	assert_int_equal(t->n_findings, 1);
	assert_int_equal(t->findings[0].kind, CAP_THREAD_FOUND_BAD_REFERENCE);
	buf_fini(&text);
	arena_free(&a);
}

static void
several_infos(void **state)
{
	struct arena *a = arena_new();
	struct brief m = MSG("1", 0, A, "");
	struct cap_alert alert = *make_alert(a, &m);
	struct cap_info *infos = ARENA_NEW_N(a, struct cap_info, 3);
	const struct cap_thread_input in = {&alert, 0};
	const struct cap_threads *t;

	(void)state;
	infos[0].expires = cap_time(a, 2);
	infos[1].effective = cap_time(a, 1);
	infos[2].effective = cap_time(a, 8);
	infos[2].expires = cap_time(a, 9);
	alert.infos = infos;
	alert.n_infos = 3;
	t = sort_at(a, &in, 1, DAY0 + 3 * HOUR);
	assert_int_equal(t->messages[0].state, CAP_THREAD_IN_FORCE);
	assert_int_equal(t->messages[0].spans[0].state, CAP_THREAD_SPAN_ENDED);
	assert_int_equal(t->messages[0].spans[1].state, CAP_THREAD_SPAN_HOLDS);
	assert_int_equal(t->messages[0].spans[2].state, CAP_THREAD_SPAN_WAITS);
	assert_int_equal(t->messages[0].from, DAY0);
	assert_int_equal(t->messages[0].until, DAY0 + 73 * HOUR);
	assert_int_equal(t->threads[0].in_force, 1);
	infos[1].expires = cap_time(a, 2);
	t = sort_at(a, &in, 1, DAY0 + 3 * HOUR);
	assert_int_equal(t->messages[0].state, CAP_THREAD_NOT_EFFECTIVE);
	assert_int_equal(t->threads[0].in_force, 0);
	t = sort_at(a, &in, 1, DAY0 + 9 * HOUR);
	assert_int_equal(t->messages[0].state, CAP_THREAD_EXPIRED);
	arena_free(&a);
}

static void
sentences(void **state)
{
	struct arena *a = arena_new();
	struct brief one = MSG("1", 0, A, ""), two = MSG("2", 1, C, "s/1@5 t/1@0");
	struct cap_thread_input in[2];
	const struct cap_threads *t;
	struct buf b = BUF_INIT(4 * KIB);

	(void)state;
	in[0] = (struct cap_thread_input){make_alert(a, &one), 0};
	in[1] = (struct cap_thread_input){make_alert(a, &two), 1};
	t = sort_at(a, in, 2, DAY0 + 2 * HOUR);
	assert_int_equal(t->n_findings, 3);
	cap_thread_say(&b, t, &t->findings[0]);
	assert_sv(buf_sv(&b),
		  SV("2 refers to 1 of s, sent 2026-09-21T19:13:20-00:00, which was not given: "
		     "what else it ended cannot be told; the message of that identifier was sent "
		     "2026-09-21T14:13:20-00:00"));
	buf_fini(&b);
	arena_free(&a);
}

/* A chain, a star of updates, and copies with as many references to them: each would take
 * far too long if the work were more than n log n. */
static void
many(void **state)
{
	static const size_t n = 100000;
	struct arena *a = arena_new();
	struct cap_thread_input *in = ARENA_NEW_N(a, struct cap_thread_input, n);
	const struct cap_threads *t;
	int64_t began;
	int shape;
	size_t i;

	(void)state;
	for (shape = 0; shape < 3; shape++) {
		for (i = 0; i < n; i++) {
			struct brief b = MSG("", 0, A, "");
			struct cap_alert *m;
			size_t to = shape == 0 ? i - 1 : 0;

			m = memcpy(ARENA_NEW(a, struct cap_alert), make_alert(a, &b), sizeof(*m));
			m->identifier = arena_fmt(a, "%zu", shape == 2 && i < n / 2 ? 0 : i);
			if (i > 0 && !(shape == 2 && i < n / 2)) {
				m->msgtype = U;
				m->references_text =
					arena_fmt(a, "s,%zu,2026-09-21T14:13:20-00:00", to);
			}
			in[n - 1 - i] = (struct cap_thread_input){m, i};
		}
		began = time_mono_ms();
		t = sort_at(a, in, n, DAY0 + HOUR);
		assert_true(time_mono_ms() - began < 10000);
		assert_int_equal(t->n_threads, 1);
		assert_int_equal(t->threads[0].in_force, shape == 0   ? 1
							 : shape == 1 ? n - 1
								      : n / 2);
	}
	arena_free(&a);
}

#define FLOOD                                                                  \
	"alphagov+emergency-alerts-api/tests__app__v2__broadcast__sample_cap_" \
	"xml_documents.py."

struct all {
	struct cap_thread_input *in;
	const char **paths;
	size_t n;
};

static void
read_corpus(struct all *all, struct arena *a)
{
	struct corpus_row *rows = NULL;
	struct err e = ERR_INIT;
	size_t n = 0, i;

	assert_int_equal(corpus_rows(&rows, &n, a, &e), RC_OK);
	all->in = ARENA_NEW_N(a, struct cap_thread_input, n);
	all->paths = ARENA_NEW_N(a, const char *, n);
	for (i = 0; i < n; i++) {
		const char *path = corpus_path(a, "corpus/", rows[i].path);
		const struct cap_findings *unused;
		const struct cap_alert *alert;
		struct buf text = BUF_INIT(LIMIT_CAP_FILE);

		if (file_read(&text, path, &e) == RC_OK &&
		    cap_read(&alert, &unused, a, buf_sv(&text), &e) == RC_OK) {
			all->in[all->n] = (struct cap_thread_input){alert, all->n};
			all->paths[all->n++] = arena_str(a, rows[i].path);
		}
		buf_fini(&text);
	}
}

static void
corpus(void **state)
{
	struct arena *a = arena_new();
	const struct cap_threads *t;
	struct all all = {0};
	size_t i, k, updates = 0, ended = 0;

	(void)state;
	if (!corpus_here(a)) {
		arena_free(&a);
		skip();
	}
	read_corpus(&all, a);
	assert_true(all.n > 300);
	t = sort_at(a, all.in, all.n, DAY0);
	assert_int_equal(t->n_messages, all.n);
	for (i = 0; i < t->n_threads; i++) {
		for (k = t->threads[i].first; k < t->threads[i].first + t->threads[i].n; k++) {
			const struct cap_thread_message *m = &t->messages[k];

			updates += m->alert->msgtype == U;
			ended += m->state == CAP_THREAD_SUPERSEDED ||
				 m->state == CAP_THREAD_CANCELLED;
			if (m->state != CAP_THREAD_SUPERSEDED && m->state != CAP_THREAD_CANCELLED)
				continue;
			assert_sv(t->messages[m->by].alert->sender, m->alert->sender);
			assert_true(t->messages[m->by].sent >= m->sent);
			assert_int_equal(t->messages[m->by].alert->status, m->alert->status);
		}
	}
	assert_true(updates > 10);
	assert_true(ended > 0);
	arena_free(&a);
}

/* Read by hand: the environment agency's warning of 23:01:13, to 2020-02-26T23:01:14, and its
 * removal, which names it, at 23:02:26. */
static void
real_threads(void **state)
{
	static const struct {
		const char *at, *want;
	} looks[] = {
		{"2020-02-16T23:01:00Z", "not-yet-sent not-yet-sent"},
		{"2020-02-16T23:02:00Z", "in-force not-yet-sent"},
		{"2020-02-16T23:03:00Z", "cancelled withdrawal"},
	};
	struct arena *a = arena_new();
	struct all all = {0}, few = {0};
	size_t i;

	(void)state;
	if (!corpus_here(a)) {
		arena_free(&a);
		skip();
	}
	read_corpus(&all, a);
	few.in = ARENA_NEW_N(a, struct cap_thread_input, all.n);
	for (i = 0; i < all.n; i++)
		if (strcmp(all.paths[i], FLOOD "emb03.xml") == 0 ||
		    strcmp(all.paths[i], FLOOD "emb01.xml") == 0)
			few.in[few.n++] = all.in[i];
	assert_int_equal(few.n, 2);
	for (i = 0; i < ARRAY_LEN(looks); i++) {
		const struct cap_threads *t;
		struct time_at at;

		assert_true(time_parse_rfc3339(sv_of(looks[i].at), &at));
		t = sort_at(a, few.in, few.n, at.utc);
		assert_sv(arena_fmt(a, "%s %s", cap_thread_state_name(t->messages[0].state),
				    cap_thread_state_name(t->messages[1].state)),
			  sv_of(looks[i].want));
	}
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_hand),       cmocka_unit_test(loose_references),
		cmocka_unit_test(several_infos), cmocka_unit_test(sentences),
		cmocka_unit_test(many),          cmocka_unit_test(corpus),
		cmocka_unit_test(real_threads),  cmocka_unit_test(long_references),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
