/*
 * t_verify_corpus.c — every message of the corpus: what we say of each of its signatures
 * is what the xmlsec1 command said, as MANIFEST.tsv records it.
 *
 * xmlsec1 was given one signature at a time, without its neighbours. It refuses the
 * structure of signatures whose <Object> is of no namespace, and of one that is
 * a stub; no list of trusted certificates is given, so what holds has an unknown signer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypt/sign.h"
#include "unit/cap/corpus.h"

#define AT 1790000000

static bool
agrees(const struct sign_verdict *v, struct sv want)
{
	if (sv_eq(want, SV("ok")))
		return v->outcome == SIGN_VALID_UNKNOWN;
	if (sv_eq(want, SV("digest-mismatch")))
		return v->outcome == SIGN_BROKEN && strstr(v->reason, "its digest differs") != NULL;
	return sv_eq(want, SV("xmlsec-rejects-structure")) && v->outcome == SIGN_BROKEN &&
	       (strstr(v->reason, "the standard") != NULL ||
		strstr(v->reason, "does not begin with SignedInfo") != NULL);
}

static void
check_one(const struct corpus_row *row, struct sv xml, size_t *signatures)
{
	struct sv_split wants = sv_split_of(row->signatures, '/');
	enum sign_outcome best = SIGN_ABSENT;
	struct sign_report r = {0};
	struct err e = ERR_INIT;
	struct sv want;
	size_t n = 0;

	if (crypt_verify_all(&r, xml, SV_NONE, AT, &e) != RC_OK) {
		if (!sv_eq(row->signatures, SV("-")))
			fail_msg("%.*s: %s", SV_ARG(row->path), e.text);
		return;
	}
	if (sv_eq(row->signatures, SV("-"))) {
		/* A feed may hold a signed message, which covers nothing of the feed. */
		if (r.outcome > (sv_starts(row->kind, SV("cap")) ? SIGN_ABSENT : SIGN_BROKEN))
			fail_msg("%.*s: %s", SV_ARG(row->path), r.v[0].reason);
		return;
	}
	while (sv_split_next(&wants, &want)) {
		if (n == r.n || !agrees(&r.v[n], want))
			fail_msg("%.*s: signature %zu: expected %.*s, got: %s", SV_ARG(row->path),
				 n + 1, SV_ARG(want), n < r.n ? r.v[n].reason : "none");
		if (r.v[n].outcome > best)
			best = r.v[n].outcome;
		n++;
	}
	assert_int_equal(r.found, n);
	assert_int_equal(r.outcome, best);
	*signatures += n;
}

static void
manifest(void **state)
{
	struct buf xml = BUF_INIT(64 * MIB);
	struct arena *a = arena_new();
	struct corpus_row *rows = NULL;
	struct err e = ERR_INIT;
	size_t i, n = 0, signatures = 0;

	(void)state;
	if (!corpus_here(a)) {
		arena_free(&a);
		skip();
	}
	assert_int_equal(corpus_rows(&rows, &n, a, &e), RC_OK);
	for (i = 0; i < n; i++) {
		buf_reset(&xml);
		assert_int_equal(file_read(&xml, corpus_path(a, "corpus/", rows[i].path), &e),
				 RC_OK);
		check_one(&rows[i], buf_sv(&xml), &signatures);
	}
	print_message("# %zu files, %zu signatures\n", n, signatures);
	assert_true(signatures > 0);
	buf_fini(&xml);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(manifest)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
