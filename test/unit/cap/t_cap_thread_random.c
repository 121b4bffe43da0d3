/*
 * t_cap_thread_random.c — small random worlds of messages against a second, slow definition
 * of what ends what, and in another order.
 */
#include "thread_brief.h"

#define WORLD 12

/* A message as the second definition sees it: numbers only. */
struct plain {
	int sender, identifier, sent, type, status, from, until, text;
	int n_refs;
	int refs[4][3]; /* sender, identifier, sent */
};

static uint32_t
draw(uint64_t *seed, uint32_t n)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33) % n;
}

static bool
same_identity(const struct plain *a, const struct plain *b)
{
	return a->sender == b->sender && a->identifier == b->identifier && a->sent == b->sent;
}

static bool
names(const struct plain *a, const struct plain *b)
{
	int i;

	for (i = 0; i < a->n_refs; i++)
		if (a->refs[i][0] == b->sender && a->refs[i][1] == b->identifier &&
		    a->refs[i][2] == b->sent)
			return true;
	return false;
}

static bool
is_copy(const struct plain *w, size_t i, size_t k)
{
	const struct plain *a = &w[i], *b = &w[k];

	return same_identity(a, b) && a->type == b->type && a->status == b->status &&
	       a->from == b->from && a->until == b->until && a->text == b->text &&
	       a->n_refs == b->n_refs && memcmp(a->refs, b->refs, sizeof(a->refs)) == 0;
}

/* a would end b if there were no circles. */
static bool
could_end(const struct plain *a, const struct plain *b)
{
	return (a->type == U || a->type == C) && names(a, b) && a->sender == b->sender &&
	       a->status == b->status && !same_identity(a, b) && b->sent <= a->sent;
}

struct slow {
	bool level[WORLD][WORLD]; /* i reaches k by references of one second */
	int thread[WORLD];        /* the lowest number of those tied together */
};

static void
define(struct slow *s, const struct plain *w, size_t n)
{
	bool changed = true;
	size_t i, k, j;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < n; i++)
		s->thread[i] = (int)i;
	for (i = 0; i < n; i++)
		for (k = 0; k < n; k++)
			s->level[i][k] = same_identity(&w[i], &w[k]) ||
					 (could_end(&w[i], &w[k]) && w[i].sent == w[k].sent);
	while (changed) {
		changed = false;
		for (i = 0; i < n; i++) {
			for (k = 0; k < n; k++) {
				bool remark = w[i].type > C || w[k].type > C;
				bool tied = same_identity(&w[i], &w[k]) ||
					    (names(&w[i], &w[k]) && !remark &&
					     w[i].sender == w[k].sender);

				for (j = 0; j < n; j++)
					if (s->level[i][k] && s->level[k][j] && !s->level[i][j])
						changed = s->level[i][j] = true;
				if (tied && s->thread[i] != s->thread[k]) {
					int low = s->thread[i] < s->thread[k] ? s->thread[i]
									      : s->thread[k];

					s->thread[i] = s->thread[k] = low;
					changed = true;
				}
			}
		}
	}
}

static bool
ends(const struct slow *s, const struct plain *w, size_t i, size_t k, int at)
{
	return could_end(&w[i], &w[k]) && w[i].sent <= at && !(s->level[i][k] && s->level[k][i]);
}

static enum cap_thread_state
defined_state(const struct slow *s, const struct plain *w, size_t n, size_t i, int at)
{
	const struct plain *m = &w[i];
	int from = m->from != 0 ? m->from : m->sent;
	int until = m->until != 0 ? m->until : from + 72;
	bool updated = false, cancelled = false;
	size_t k;

	for (k = 0; k < i; k++)
		if (is_copy(w, i, k))
			return CAP_THREAD_DUPLICATE;
	if (m->sent > at)
		return CAP_THREAD_NOT_SENT;
	if (m->type > C)
		return CAP_THREAD_REMARK;
	for (k = 0; k < n; k++) {
		updated |= w[k].type == U && ends(s, w, k, i, at);
		cancelled |= w[k].type == C && ends(s, w, k, i, at);
	}
	if (cancelled)
		return CAP_THREAD_CANCELLED;
	if (updated)
		return CAP_THREAD_SUPERSEDED;
	if (m->type == C)
		return CAP_THREAD_WITHDRAWAL;
	if (at >= until)
		return CAP_THREAD_EXPIRED;
	return at < from ? CAP_THREAD_NOT_EFFECTIVE : CAP_THREAD_IN_FORCE;
}

/* How many findings of a kind message i must have; copies of an earlier one have none. */
static size_t
defined_findings(const struct slow *s, const struct plain *w, size_t n, size_t i,
		 enum cap_thread_kind kind)
{
	const struct plain *m = &w[i];
	size_t count = 0, k;
	int r;

	for (k = 0; k < i; k++)
		if (is_copy(w, i, k))
			return 0;
	for (r = 0; r < m->n_refs; r++) {
		struct plain named = {.sender = m->refs[r][0],
				      .identifier = m->refs[r][1],
				      .sent = m->refs[r][2]};
		bool given = false, circle = false, status = false;

		for (k = 0; k < n; k++) {
			if (!same_identity(&w[k], &named))
				continue;
			given = true;
			status |= w[k].status == m->status;
			circle |= s->level[i][k] && s->level[k][i] && could_end(m, &w[k]);
		}
		if (kind == CAP_THREAD_FOUND_DANGLING)
			count += !given;
		else if (kind == CAP_THREAD_FOUND_SELF)
			count += same_identity(m, &named);
		else if (kind == CAP_THREAD_FOUND_OLDER)
			count += given && named.sent > m->sent;
		else if (kind == CAP_THREAD_FOUND_OTHER_STATUS)
			count += given && !status && (m->type == U || m->type == C) &&
				 named.sender == m->sender && named.sent <= m->sent &&
				 !same_identity(m, &named);
		else if (kind == CAP_THREAD_FOUND_CYCLE)
			count += circle;
	}
	return count;
}

static size_t
random_world(struct plain *w, uint64_t *seed)
{
	size_t n = 1 + draw(seed, WORLD), i;
	int k;

	for (i = 0; i < n; i++) {
		struct plain *m = &w[i];

		memset(m, 0, sizeof(*m));
		if (i > 0 && draw(seed, 12) == 0) {
			*m = w[draw(seed, (uint32_t)i)];
			m->text += draw(seed, 2) == 0;
			continue;
		}
		m->sender = draw(seed, 5) == 0;
		m->identifier = (int)draw(seed, 6);
		m->sent = (int)draw(seed, 4);
		m->type = 1 + (int)draw(seed, draw(seed, 4) == 0 ? 5 : 3);
		m->status = draw(seed, 6) == 0 ? CAP_STATUS_TEST : ACTUAL;
		m->from = draw(seed, 5) == 0 ? 1 + (int)draw(seed, 6) : 0;
		m->until = draw(seed, 2) == 0 ? 1 + (int)draw(seed, 6) : 0;
		m->n_refs = m->type == A && draw(seed, 8) > 0 ? 0 : (int)draw(seed, 4);
		for (k = 0; k < m->n_refs; k++) {
			const struct plain *to = &w[draw(seed, (uint32_t)i + 1)];
			bool ahead = draw(seed, 2) == 0;

			m->refs[k][0] = ahead ? m->sender : to->sender;
			m->refs[k][1] = ahead ? (int)draw(seed, 6) : to->identifier;
			m->refs[k][2] = ahead ? (int)draw(seed, 4) : to->sent;
		}
	}
	return n;
}

static const struct cap_alert *
alert_of(struct arena *a, const struct plain *m)
{
	struct buf refs = BUF_INIT(4 * KIB);
	struct brief b = {arena_fmt(a, "s%d", m->sender).p,
			  arena_fmt(a, "%d", m->identifier).p,
			  m->sent,
			  (enum cap_msgtype)m->type,
			  (enum cap_status)m->status,
			  m->from,
			  m->until,
			  NULL,
			  arena_fmt(a, "text %d", m->text).p};
	const struct cap_alert *alert;
	int i;

	for (i = 0; i < m->n_refs; i++)
		buf_addf(&refs, "s%d/%d@%d ", m->refs[i][0], m->refs[i][1], m->refs[i][2]);
	b.references = buf_str(&refs);
	alert = make_alert(a, &b);
	buf_fini(&refs);
	return alert;
}

static void
compare_world(struct arena *a, const struct cap_threads *t, const struct plain *w, size_t n, int at)
{
	static const enum cap_thread_kind kinds[] = {CAP_THREAD_FOUND_DANGLING,
						     CAP_THREAD_FOUND_SELF, CAP_THREAD_FOUND_OLDER,
						     CAP_THREAD_FOUND_OTHER_STATUS,
						     CAP_THREAD_FOUND_CYCLE};
	const struct cap_thread_message *of[WORLD] = {NULL};
	size_t thread[WORLD], i, k, j;
	struct slow s;

	define(&s, w, n);
	assert_int_equal(t->n_messages, n);
	for (i = 0; i < t->n_threads; i++) {
		for (k = t->threads[i].first; k < t->threads[i].first + t->threads[i].n; k++) {
			of[t->messages[k].index] = &t->messages[k];
			thread[t->messages[k].index] = i;
		}
	}
	for (i = 0; i < n; i++) {
		enum cap_thread_state want = defined_state(&s, w, n, i, at);

		assert_non_null(of[i]);
		if (of[i]->state != want)
			fail_msg("at %d message %zu is %s, by definition %s: %s", at, i,
				 cap_thread_state_name(of[i]->state), cap_thread_state_name(want),
				 told(a, t));
		if (want == CAP_THREAD_CANCELLED || want == CAP_THREAD_SUPERSEDED) {
			size_t by = t->messages[of[i]->by].index;

			assert_true(ends(&s, w, by, i, at));
			assert_int_equal(w[by].type, want == CAP_THREAD_CANCELLED ? C : U);
			for (k = 0; k < n; k++)
				assert_false(w[k].type == w[by].type && w[k].sent < w[by].sent &&
					     ends(&s, w, k, i, at));
		}
		for (k = 0; k < n; k++)
			if (w[i].type <= C && w[k].type <= C)
				assert_int_equal(thread[i] == thread[k],
						 s.thread[i] == s.thread[k]);
		for (k = 0; k < ARRAY_LEN(kinds); k++) {
			size_t found = 0;

			for (j = 0; j < t->n_findings; j++)
				found += t->findings[j].kind == kinds[k] &&
					 t->messages[t->findings[j].message].index == i;
			if (found != defined_findings(&s, w, n, i, kinds[k]))
				fail_msg("message %zu: %zu times %s: %s", i, found,
					 cap_thread_kind_name(kinds[k]), told(a, t));
		}
	}
}

static void
random_worlds(void **state)
{
	uint64_t seed = 20260921;
	int round;

	(void)state;
	for (round = 0; round < 6000; round++) {
		struct arena *a = arena_new();
		struct plain w[WORLD];
		struct cap_thread_input in[WORLD], other;
		size_t n = random_world(w, &seed), i, k;
		int at = (int)draw(&seed, 8);
		const struct cap_threads *t;
		const char *first;

		for (i = 0; i < n; i++)
			in[i] = (struct cap_thread_input){alert_of(a, &w[i]), i};
		t = sort_at(a, in, n, DAY0 + at * HOUR);
		first = told(a, t);
		compare_world(a, t, w, n, at);
		for (i = n; i-- > 1;) {
			k = draw(&seed, (uint32_t)i + 1);
			other = in[i];
			in[i] = in[k];
			in[k] = other;
		}
		t = sort_at(a, in, n, DAY0 + at * HOUR);
		assert_string_equal(first, told(a, t));
		arena_free(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_worlds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
