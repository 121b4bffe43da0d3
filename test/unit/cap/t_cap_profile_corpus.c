/*
 * t_cap_profile_corpus.c — real messages that claim a profile keep it.
 *
 * Those that do not stand in the table `reviewed`, each looked at by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cap/cap_profile.h"
#include "corpus.h"

static const struct {
	const char *path; /* or its end */
	enum cap_profile profile;
	const char *rules; /* errors of the profile */
} reviewed[] = {
	/* the cancellation of a tsunami warning, sent without any event code */
	{"sample_cap_xml_documents.py.emb03.xml", CAP_PROFILE_IPAWS, "ipaws-event-code"},
	{"sample_cap_xml_documents.py.emb04.xml", CAP_PROFILE_IPAWS, "ipaws-event-code"},
	{"fixtures__google-PAAQ-4-mg5a94.xml", CAP_PROFILE_IPAWS, "ipaws-event-code"},
	/* a Cancel that says nothing but what it cancels */
	{"tests__resources__no_info_tag.cap", CAP_PROFILE_IPAWS, "profile-info"},
	{"fixtures__ipaws-5e6dd9de023f1930ef6548d9.xml", CAP_PROFILE_IPAWS, "profile-info"},
	/* a real message from which a tester took <expires> */
	{"testalerts__NWS-IDP-PROD-3296165-2882593.xml", CAP_PROFILE_IPAWS, "ipaws-expires"},
	/* places by the weather service's own codes, before it had those of the profile */
	{"hist_48aad21__testdata__canada.cap", CAP_PROFILE_CP, "cap-cp-geocode"},
	/* a Swedish example made from a Canadian one */
	{"hist_b87e15b__tests__resources__sweden.xml", CAP_PROFILE_CP,
	 "cap-cp-event-code cap-cp-geocode"},
};

static const struct {
	enum cap_profile profile;
	size_t at_least; /* messages that claim it */
} claims[] = {
	{CAP_PROFILE_IPAWS, 20},
	{CAP_PROFILE_CP, 25},
	{CAP_PROFILE_AU, 4},
};

static const char *
reviewed_rules(struct sv path, enum cap_profile p)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(reviewed); i++) {
		if (reviewed[i].profile == p && sv_ends(path, sv_of(reviewed[i].path)))
			return reviewed[i].rules;
	}
	return "";
}

/* The profile's errors by name, each once, separated by spaces. */
static struct sv
errors_of(struct arena *a, const struct cap_findings *f)
{
	struct buf b = BUF_INIT(4096);
	struct sv all;
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (f->v[i].warning || f->v[i].level != CAP_LEVEL_PROFILE ||
		    sv_find(buf_sv(&b), sv_of(f->v[i].rule)) < buf_sv(&b).n)
			continue;
		buf_addf(&b, "%s%s", b.n > 0 ? " " : "", f->v[i].rule);
	}
	all = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return all;
}

static void
real_messages_keep_what_they_claim(void **state)
{
	struct arena *kept = arena_new(), *a = arena_new();
	struct buf text = BUF_INIT(LIMIT_CAP_FILE);
	const struct cap_alert *alert;
	const struct cap_findings *found;
	struct corpus_row *rows = NULL;
	struct err e = ERR_INIT;
	size_t n_claims[ARRAY_LEN(claims)] = {0};
	size_t i, k, n = 0;
	struct sv got;

	(void)state;
	if (!corpus_here(kept)) {
		arena_free(&a);
		arena_free(&kept);
		skip();
	}
	if (corpus_rows(&rows, &n, kept, &e) != RC_OK)
		fail_msg("%s", e.text);
	for (i = 0; i < n; i++) {
		arena_reset(a);
		buf_reset(&text);
		if (!sv_starts(rows[i].kind, SV("cap")))
			continue;
		if (file_read(&text, corpus_path(a, "corpus/", rows[i].path), &e) != RC_OK ||
		    cap_read(&alert, &found, a, buf_sv(&text), &e) != RC_OK)
			fail_msg("%.*s: %s", SV_ARG(rows[i].path), e.text);
		for (k = 0; k < ARRAY_LEN(claims); k++) {
			if (!cap_profile_claimed(claims[k].profile, alert))
				continue;
			n_claims[k]++;
			got = errors_of(a, cap_profile_judge(claims[k].profile, alert, found, a));
			if (!sv_eq(got, sv_of(reviewed_rules(rows[i].path, claims[k].profile))))
				fail_msg("%.*s (%s): \"%.*s\", reviewed \"%s\"",
					 SV_ARG(rows[i].path), cap_profile_name(claims[k].profile),
					 SV_ARG(got),
					 reviewed_rules(rows[i].path, claims[k].profile));
		}
	}
	for (k = 0; k < ARRAY_LEN(claims); k++)
		assert_true(n_claims[k] >= claims[k].at_least);
	buf_fini(&text);
	arena_free(&a);
	arena_free(&kept);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_messages_keep_what_they_claim),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
