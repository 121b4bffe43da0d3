/*
 * t_cap_google.c — what google/cap-library's own tests say of its test data and of
 * changes to it: each reason that they expect is found here too.
 *
 * Files and reasons are facts of that library (its tests of the profiles, of the validator
 * and of the parser); a reason is matched by the column of our rules that names it, in the
 * place that it has there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cap/cap_profile.h"
#include "cap/cap_rule.h"
#include "corpus.h"

enum act {
	END,
	DROP, /* every such element */
	SET,  /* the content of the first such element */
	PUT,  /* text before the first such element */
	LAST, /* text before the end of the info or alert */
	COPY, /* the info once more behind it */
};

/* In an <info>, from 1; 0: in the whole message. '@' in a text stands for the prefix. */
struct change {
	enum act act;
	size_t info;
	const char *element, *text;
};

#define CHANGES 14

struct expected {
	const char *file;
	enum cap_profile profile;
	struct change changes[CHANGES];
	const char *reasons; /* "NAME at /path" of each, '\n' between */
};

#define AU_FILE "testdata__australia.cap"
#define CA_FILE "testdata__canada.cap"
#define US_FILE "testdata__earthquake.cap"
#define AU_LIST "https://govshare.gov.au/xmlui/handle/10772/6495"

static const struct expected profiles[] = {
	/* Australia */
	{AU_FILE, CAP_PROFILE_AU, {{DROP, 0, "code", ""}}, "VERSION_CODE_REQUIRED at /alert"},
	{AU_FILE,
	 CAP_PROFILE_AU,
	 {{SET, 0, "msgType", "Update"}},
	 "UPDATE_OR_CANCEL_MUST_REFERENCE at /alert/msgType"},
	{AU_FILE,
	 CAP_PROFILE_AU,
	 {{SET, 0, "msgType", "Cancel"}, {PUT, 0, "info", "<@references>a,b,c</@references>"}},
	 "DO_NOT_USE_EFFECTIVE_WITH_MSGTYPE_CANCEL at /alert/info[1]\n"
	 "DO_NOT_USE_EFFECTIVE_WITH_MSGTYPE_CANCEL at /alert/info[2]"},
	{AU_FILE,
	 CAP_PROFILE_AU,
	 {{DROP, 2, "category", ""}},
	 "CATEGORIES_MUST_MATCH at /alert/info[2]"},
	{AU_FILE,
	 CAP_PROFILE_AU,
	 {{SET, 2, "event", "foo"}},
	 "EVENTS_IN_SAME_LANGUAGE_MUST_MATCH at /alert/info[2]\n"
	 "EVENT_AND_EVENT_CODE_MUST_MATCH at /alert/info[2]"},
	{AU_FILE,
	 CAP_PROFILE_AU,
	 {{SET, 2, "valueName", "foo"}},
	 "EVENT_CODES_MUST_MATCH at /alert/info[2]"},
	{AU_FILE,
	 CAP_PROFILE_AU,
	 {{DROP, 1, "eventCode", ""}, {DROP, 2, "eventCode", ""}},
	 "ONE_AUTHORIZED_EVENT_CODE_PER_ALERT at /alert/info[1]\n"
	 "ONE_AUTHORIZED_EVENT_CODE_PER_ALERT at /alert/info[2]\n"
	 "RECOGNIZED_EVENT_CODE_NOT_USED at /alert/info[1]"},
	{AU_FILE,
	 CAP_PROFILE_AU,
	 {{SET, 1, "value", "foo"}, {SET, 2, "value", "foo"}},
	 "UNRECOGNIZED_EVENT_CODE at /alert/info[1]\nUNRECOGNIZED_EVENT_CODE at /alert/info[2]"},
	{AU_FILE,
	 CAP_PROFILE_AU,
	 {{PUT, 1, "effective",
	   "<@eventCode><@valueName>" AU_LIST "</@valueName><@value>foo</@value></@eventCode>"},
	  {PUT, 2, "effective",
	   "<@eventCode><@valueName>" AU_LIST "</@valueName><@value>foo</@value></@eventCode>"}},
	 "ONE_AUTHORIZED_EVENT_CODE_PER_ALERT at /alert/info[1]\n"
	 "ONE_AUTHORIZED_EVENT_CODE_PER_ALERT at /alert/info[2]"},
	{AU_FILE, CAP_PROFILE_AU, {{DROP, 2, "area", ""}}, "AREA_IS_REQUIRED at /alert/info[2]"},
	{AU_FILE, CAP_PROFILE_AU, {{DROP, 0, "info", ""}}, "INFO_IS_REQUIRED at /alert"},
	{AU_FILE,
	 CAP_PROFILE_AU,
	 {{SET, 0, "sender", "foo"},
	  {SET, 0, "status", "Test"},
	  {DROP, 1, "expires", ""},
	  {DROP, 1, "senderName", ""},
	  {DROP, 1, "responseType", ""},
	  {DROP, 1, "instruction", ""},
	  {SET, 1, "language", "es"}},
	 "SENDER_SHOULD_BE_EMAIL at /alert/sender\n"
	 "TEST_ALERT_WILL_NOT_BE_BROADCAST at /alert/status\n"
	 "EXPIRES_STRONGLY_RECOMMENDED at /alert/info[1]\n"
	 "SENDER_NAME_STRONGLY_RECOMMENDED at /alert/info[1]\n"
	 "RESPONSE_TYPE_STRONGLY_RECOMMENDED at /alert/info[1]\n"
	 "INSTRUCTION_STRONGLY_RECOMMENDED at /alert/info[1]"},
	{AU_FILE,
	 CAP_PROFILE_AU,
	 {{DROP, 1, "circle", ""}},
	 "CIRCLE_POLYGON_ENCOURAGED at /alert/info[1]/area[1]"},
	{AU_FILE,
	 CAP_PROFILE_AU,
	 {{DROP, 2, "geocode", ""}},
	 "AREA_GEOCODE_IS_RECOMMENDED at /alert/info[2]/area[1]"},
	/* Canada */
	{CA_FILE, CAP_PROFILE_CP, {{DROP, 0, "code", ""}}, "VERSION_CODE_REQUIRED at /alert"},
	{CA_FILE,
	 CAP_PROFILE_CP,
	 {{SET, 0, "msgType", "Update"}, {DROP, 0, "references", ""}},
	 "UPDATE_OR_CANCEL_MUST_REFERENCE at /alert/msgType"},
	{CA_FILE,
	 CAP_PROFILE_CP,
	 {{DROP, 1, "eventCode", ""}},
	 "EVENT_CODES_MUST_MATCH at /alert/info[2]\n"
	 "RECOGNIZED_EVENT_CODE_REQUIRED at /alert/info[1]"},
	{CA_FILE,
	 CAP_PROFILE_CP,
	 {{DROP, 2, "geocode", ""}},
	 "AREA_GEOCODE_IS_REQUIRED at /alert/info[2]/area[1]"},
	{CA_FILE, CAP_PROFILE_CP, {{DROP, 2, "area", ""}}, "AREA_IS_REQUIRED at /alert/info[2]"},
	{CA_FILE, CAP_PROFILE_CP, {{DROP, 0, "info", ""}}, "IS_REQUIRED at /alert"},
	{CA_FILE,
	 CAP_PROFILE_CP,
	 {{SET, 1, "language", "es"},
	  {DROP, 1, "expires", ""},
	  {DROP, 1, "senderName", ""},
	  {DROP, 1, "responseType", ""},
	  {DROP, 1, "instruction", ""}},
	 "ENGLISH_AND_FRENCH at /alert\n"
	 "EXPIRES_STRONGLY_RECOMMENDED at /alert/info[1]\n"
	 "SENDER_NAME_STRONGLY_RECOMMENDED at /alert/info[1]\n"
	 "RESPONSE_TYPE_STRONGLY_RECOMMENDED at /alert/info[1]\n"
	 "INSTRUCTION_STRONGLY_RECOMMENDED at /alert/info[1]"},
	{CA_FILE,
	 CAP_PROFILE_CP,
	 {{DROP, 1, "polygon", ""}},
	 "CIRCLE_POLYGON_ENCOURAGED at /alert/info[1]/area[1]"},
	/* United States: always with the info twice, the second in another language */
	{US_FILE,
	 CAP_PROFILE_IPAWS,
	 {{COPY, 1, "", ""}, {DROP, 0, "code", ""}},
	 "VERSION_CODE_REQUIRED at /alert"},
	{US_FILE,
	 CAP_PROFILE_IPAWS,
	 {{COPY, 1, "", ""}, {SET, 0, "msgType", "Update"}},
	 "UPDATE_OR_CANCEL_MUST_REFERENCE at /alert/msgType"},
	{US_FILE,
	 CAP_PROFILE_IPAWS,
	 {{COPY, 1, "", ""},
	  {SET, 2, "value", "changed"},
	  {PUT, 1, "event", "<@category>CBRNE</@category>"}},
	 "EVENT_CODES_MUST_MATCH at /alert/info[2]\n"
	 "CATEGORIES_MUST_MATCH at /alert/info[2]\n"
	 "SAME_EVENT_CODE_REQUIRED at /alert/info[2]"},
	{US_FILE,
	 CAP_PROFILE_IPAWS,
	 {{COPY, 1, "", ""},
	  {DROP, 1, "expires", ""},
	  {DROP, 1, "area", ""},
	  {DROP, 1, "eventCode", ""}},
	 "EVENT_CODES_MUST_MATCH at /alert/info[2]\n"
	 "EXPIRES_IS_REQUIRED at /alert/info[1]\n"
	 "AREA_IS_REQUIRED at /alert/info[1]\n"
	 "SAME_EVENT_CODE_REQUIRED at /alert/info[1]"},
	{US_FILE,
	 CAP_PROFILE_IPAWS,
	 {{SET, 1, "expires", "2002-01-01T00:00:00+00:00"}},
	 "EXPIRES_INCLUDE_TIMEZONE_OFFSET at /alert/info[1]/expires"},
	{US_FILE,
	 CAP_PROFILE_IPAWS,
	 {{SET, 0, "sent", "2010-08-31T05:09:25-00:00"}},
	 "SENT_INCLUDE_TIMEZONE_OFFSET at /alert/sent"},
	{US_FILE,
	 CAP_PROFILE_IPAWS,
	 {{COPY, 1, "", ""},
	  {PUT, 1, "expires", "<@effective>2002-01-01T00:00:00+00:00</@effective>"},
	  {PUT, 1, "expires", "<@onset>2002-01-01T00:00:00+00:00</@onset>"},
	  {DROP, 1, "description", ""}},
	 "INFO_EFFECTIVE_IS_IGNORED at /alert/info[1]/effective\n"
	 "INFO_ONSET_IS_IGNORED at /alert/info[1]/onset\n"
	 "INFO_DESCRIPTION_RECOMMENDED at /alert/info[1]\n"
	 "INFO_INSTRUCTION_RECOMMENDED at /alert/info[1]\n"
	 "AREA_SAME_GEOCODE_RECOMMENDED at /alert/info[1]/area[1]"},
	/* files that one profile takes and another must not */
	{US_FILE, CAP_PROFILE_AU, {{END, 0, "", ""}}, "VERSION_CODE_REQUIRED at /alert"},
	{US_FILE, CAP_PROFILE_CP, {{END, 0, "", ""}}, "VERSION_CODE_REQUIRED at /alert"},
	{CA_FILE, CAP_PROFILE_IPAWS, {{END, 0, "", ""}}, "VERSION_CODE_REQUIRED at /alert"},
	{"testdata__canada_errors.cap",
	 CAP_PROFILE_CP,
	 {{END, 0, "", ""}},
	 "VERSION_CODE_REQUIRED at /alert\n"
	 "UPDATE_OR_CANCEL_MUST_REFERENCE at /alert/msgType\n"
	 "RECOGNIZED_EVENT_CODE_REQUIRED at /alert/info[1]"},
};

/* Without a profile: the library's rules for everybody, and the demands of its own profile. */
static const struct expected everywhere[] = {
	{"testdata__noaa_errors.cap",
	 CAP_PROFILE_NONE,
	 {{END, 0, "", ""}},
	 "INVALID_ENUM_VALUE at /alert/info[1]/urgency\n"
	 "INVALID_ENUM_VALUE at /alert/info[1]/severity\n"
	 "INVALID_ENUM_VALUE at /alert/info[1]/certainty\n"
	 "INVALID_POLYGON at /alert/info[1]/area[1]/polygon[1]"},
	{AU_FILE,
	 CAP_PROFILE_NONE,
	 {{SET, 0, "msgType", "Update"}},
	 "UPDATE_OR_CANCEL_MUST_REFERENCE at /alert/msgType"},
	{AU_FILE, CAP_PROFILE_NONE, {{DROP, 0, "info", ""}}, "INFO_IS_REQUIRED at /alert"},
	{AU_FILE,
	 CAP_PROFILE_NONE,
	 {{DROP, 2, "category", ""}},
	 "CATEGORIES_MUST_MATCH at /alert/info[2]"},
	{AU_FILE,
	 CAP_PROFILE_NONE,
	 {{SET, 2, "valueName", "foo"}},
	 "EVENT_CODES_MUST_MATCH at /alert/info[2]"},
	{AU_FILE,
	 CAP_PROFILE_NONE,
	 {{SET, 2, "effective", "2012-05-08T12:34:57-04:00"},
	  {SET, 2, "expires", "2012-05-08T12:34:56-04:00"}},
	 "EFFECTIVE_NOT_AFTER_EXPIRES at /alert/info[2]"},
	{AU_FILE,
	 CAP_PROFILE_NONE,
	 {{DROP, 2, "description", ""},
	  {DROP, 2, "web", ""},
	  {DROP, 2, "expires", ""},
	  {DROP, 2, "urgency", ""},
	  {DROP, 2, "severity", ""},
	  {DROP, 2, "certainty", ""}},
	 "DESCRIPTION_IS_REQUIRED at /alert/info[2]\n"
	 "WEB_IS_REQUIRED at /alert/info[2]\n"
	 "EXPIRES_IS_REQUIRED at /alert/info[2]\n"
	 "URGENCY_IS_REQUIRED at /alert/info[2]\n"
	 "SEVERITY_IS_REQUIRED at /alert/info[2]\n"
	 "CERTAINTY_IS_REQUIRED at /alert/info[2]"},
	{AU_FILE, CAP_PROFILE_NONE, {{DROP, 2, "area", ""}}, "AREA_IS_REQUIRED at /alert/info[2]"},
	{AU_FILE,
	 CAP_PROFILE_NONE,
	 {{DROP, 2, "geocode", ""}, {DROP, 2, "circle", ""}},
	 "CIRCLE_POLYGON_OR_GEOCODE_IS_REQUIRED at /alert/info[2]/area[1]"},
	{AU_FILE,
	 CAP_PROFILE_NONE,
	 {{SET, 0, "sent", "2002-01-01T00:00:00+00:00"},
	  {SET, 1, "effective", "2003-01-01T00:00:00+00:00"},
	  {PUT, 1, "expires", "<@onset>2004-01-01T00:00:00+00:00</@onset>"},
	  {SET, 1, "expires", "2005-01-01T00:00:00+00:00"}},
	 "SENT_INCLUDES_UTC_TIMEZONE at /alert/sent\n"
	 "EFFECTIVE_INCLUDES_UTC_TIMEZONE at /alert/info[1]/effective\n"
	 "ONSET_INCLUDES_UTC_TIMEZONE at /alert/info[1]/onset\n"
	 "EXPIRES_INCLUDES_UTC_TIMEZONE at /alert/info[1]/expires"},
	{AU_FILE,
	 CAP_PROFILE_NONE,
	 {{DROP, 1, "senderName", ""},
	  {DROP, 1, "responseType", ""},
	  {DROP, 1, "instruction", ""},
	  {SET, 1, "headline",
	   "This is a headline that is longer than 140 characters; I don't know why anyone would "
	   "want to make a headline that long. It seems rather absurd."},
	  {SET, 1, "description",
	   "This is a headline that is longer than 140 characters; I don't know why anyone would "
	   "want to make a headline that long. It seems rather absurd."},
	  {SET, 1, "urgency", "Unknown"},
	  {SET, 1, "severity", "Unknown"},
	  {SET, 1, "certainty", "Unknown"},
	  {PUT, 1, "geocode", "<@circle>0,0 0</@circle>"}},
	 "SENDER_NAME_STRONGLY_RECOMMENDED at /alert/info[1]\n"
	 "RESPONSE_TYPE_STRONGLY_RECOMMENDED at /alert/info[1]\n"
	 "INSTRUCTION_STRONGLY_RECOMMENDED at /alert/info[1]\n"
	 "HEADLINE_AND_DESCRIPTION_SHOULD_DIFFER at /alert/info[1]\n"
	 "UNKNOWN_URGENCY_DISCOURAGED at /alert/info[1]/urgency\n"
	 "UNKNOWN_SEVERITY_DISCOURAGED at /alert/info[1]/severity\n"
	 "UNKNOWN_CERTAINTY_DISCOURAGED at /alert/info[1]/certainty\n"
	 "CONTACT_IS_RECOMMENDED at /alert/info[1]\n"
	 "NONZERO_CIRCLE_RADIUS_RECOMMENDED at /alert/info[1]/area[1]/circle[2]"},
	{AU_FILE,
	 CAP_PROFILE_NONE,
	 {{SET, 1, "description", "foo"}, {SET, 1, "instruction", "foo"}, {DROP, 1, "circle", ""}},
	 "DESCRIPTION_AND_INSTRUCTION_SHOULD_DIFFER at /alert/info[1]\n"
	 "CIRCLE_POLYGON_ENCOURAGED at /alert/info[1]/area[1]"},
	{AU_FILE,
	 CAP_PROFILE_NONE,
	 {{SET, 0, "status", "Test"}},
	 "TEST_ALERT_DISCOURAGED at /alert/status"},
	{AU_FILE,
	 CAP_PROFILE_NONE,
	 {{PUT, 2, "geocode", "<@geocode><@valueName/><@value>x</@value></@geocode>"}},
	 "EMPTY_GEOCODE_FIELD at /alert/info[2]/area[1]/geocode[1]"},
	{AU_FILE,
	 CAP_PROFILE_NONE,
	 {{PUT, 1, "geocode", "<@geocode><@valueName>x</@valueName><@value/></@geocode>"}},
	 "EMPTY_GEOCODE_FIELD at /alert/info[1]/area[1]/geocode[1]"},
	{AU_FILE,
	 CAP_PROFILE_NONE,
	 {{SET, 2, "event", "foo"}},
	 "EVENTS_IN_SAME_LANGUAGE_SHOULD_MATCH at /alert/info[2]"},
};

/* What its tests call free of errors. */
static const struct {
	const char *file;
	enum cap_profile profile;
} good[] = {
	{AU_FILE, CAP_PROFILE_NONE},
	{AU_FILE, CAP_PROFILE_AU},
	{CA_FILE, CAP_PROFILE_NONE},
	{CA_FILE, CAP_PROFILE_CP},
	{"testdata__canada_signed.cap", CAP_PROFILE_NONE},
	{"testdata__canada_signed.cap", CAP_PROFILE_CP},
	{US_FILE, CAP_PROFILE_NONE},
	{US_FILE, CAP_PROFILE_IPAWS},
	{"testdata__earthquake-iso8859-1.cap", CAP_PROFILE_NONE},
	{"testdata__weather.cap", CAP_PROFILE_NONE},
	{"testdata__wcatwc-warning.cap", CAP_PROFILE_NONE},
	{"testdata__no_optional_fields.cap", CAP_PROFILE_NONE},
};

/* The message being changed. */
struct draft {
	struct arena *arena;
	struct sv text, prefix;
};

static struct sv
filled(struct draft *d, const char *text)
{
	struct buf b = BUF_INIT(65536);
	struct sv made;

	for (; *text != '\0'; text++) {
		if (*text == '@')
			buf_add(&b, d->prefix);
		else
			buf_addc(&b, *text);
	}
	made = arena_sv(d->arena, buf_sv(&b));
	buf_fini(&b);
	return made;
}

/* Replace the bytes from `from` to `to`. */
static void
put(struct draft *d, size_t from, size_t to, struct sv with)
{
	struct buf b = BUF_INIT(LIMIT_CAP_FILE);

	buf_add(&b, sv_head(d->text, from));
	buf_add(&b, with);
	buf_add(&b, sv_from(d->text, to));
	d->text = arena_sv(d->arena, buf_sv(&b));
	buf_fini(&b);
}

/* From `at` on: the next start tag of that name, its end, and the end of the element. */
static bool
find_element(const struct draft *d, size_t at, const char *name, size_t *ret_from,
	     size_t *ret_content, size_t *ret_end)
{
	struct sv open = arena_fmt(d->arena, "<%.*s%s", SV_ARG(d->prefix), name);
	struct sv close = arena_fmt(d->arena, "</%.*s%s>", SV_ARG(d->prefix), name);
	size_t from;
	char behind;

	for (;; at = from + 1) {
		from = at + sv_find(sv_from(d->text, at), open);
		if (from >= d->text.n)
			return false;
		behind = d->text.p[from + open.n];
		if (behind != '>' && behind != '/' && behind != ' ')
			continue;
		*ret_from = from;
		*ret_content = from + sv_find_char(sv_from(d->text, from), '>') + 1;
		*ret_end = d->text.p[*ret_content - 2] == '/'
				   ? *ret_content
				   : from + sv_find(sv_from(d->text, from), close) + close.n;
		return true;
	}
}

static void
change(struct draft *d, const struct change *c)
{
	size_t start = 0, stop = d->text.n, from, content, end, k;
	struct sv closing;

	for (k = 0; k < c->info; k++) {
		if (!find_element(d, k == 0 ? 0 : stop, "info", &start, &content, &stop))
			fail_msg("no info %zu", c->info);
	}
	if (c->act == COPY) {
		put(d, stop, stop,
		    arena_sv(d->arena, sv_head(sv_from(d->text, start), stop - start)));
		put(d, content + stop - start, content + stop - start,
		    filled(d, "<@language>sp-US</@language>"));
		return;
	}
	closing =
		arena_fmt(d->arena, "</%.*s%s>", SV_ARG(d->prefix), c->info > 0 ? "info" : "alert");
	if (c->act == LAST) {
		put(d, stop - closing.n, stop - closing.n, filled(d, c->text));
		return;
	}
	if (!find_element(d, start, c->element, &from, &content, &end) || from >= stop)
		fail_msg("no <%s> in info %zu", c->element, c->info);
	if (c->act == PUT) {
		put(d, from, from, filled(d, c->text));
	} else if (c->act == SET) {
		put(d, content, content + sv_find_char(sv_from(d->text, content), '<'),
		    filled(d, c->text));
	} else {
		do {
			put(d, from, end, SV(""));
			stop -= end - from;
		} while (find_element(d, from, c->element, &from, &content, &end) && from < stop);
	}
}

static bool
is_named(const char *list, struct sv reason)
{
	struct sv_split names = sv_split_of(sv_of(list), ',');
	struct sv name;

	while (sv_split_next(&names, &name)) {
		if (sv_eq(sv_trim(name), reason))
			return true;
	}
	return false;
}

static bool
has_reason(const struct cap_findings *f, struct sv reason, struct sv path)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (is_named(cap_rule_named(f->v[i].rule)->google, reason) &&
		    sv_starts(f->v[i].path, path))
			return true;
	}
	return false;
}

static void
load(struct draft *d, struct buf *b, const char *file)
{
	struct err e = ERR_INIT;

	buf_reset(b);
	if (file_read(b, corpus_path(d->arena, "corpus/google+cap-library/", sv_of(file)), &e) !=
	    RC_OK)
		fail_msg("%s", e.text);
	d->text = buf_sv(b);
	d->prefix = sv_find(d->text, SV("<cap:alert")) < d->text.n ? SV("cap:") : SV("");
}

static const struct cap_findings *
judged(struct draft *d, enum cap_profile p)
{
	const struct cap_alert *alert;
	const struct cap_findings *found;
	struct err e = ERR_INIT;

	if (cap_read(&alert, &found, d->arena, d->text, &e) != RC_OK)
		fail_msg("%s", e.text);
	return cap_profile_judge(p, alert, found, d->arena);
}

static void
each_reason_is_found(const struct expected *all, size_t n)
{
	struct draft d = {.arena = arena_new()};
	struct buf b = BUF_INIT(LIMIT_CAP_FILE);
	struct sv_split lines;
	struct sv line, reason, path;
	const struct cap_findings *f;
	size_t i, k, at;

	if (!corpus_here(d.arena)) {
		arena_free(&d.arena);
		skip();
	}
	for (i = 0; i < n; i++) {
		arena_reset(d.arena);
		load(&d, &b, all[i].file);
		for (k = 0; k < CHANGES && all[i].changes[k].act != END; k++)
			change(&d, &all[i].changes[k]);
		f = judged(&d, all[i].profile);
		lines = sv_split_of(sv_of(all[i].reasons), '\n');
		while (sv_split_next(&lines, &line)) {
			at = sv_find(line, SV(" at "));
			assert_true(at < line.n);
			reason = sv_head(line, at);
			path = sv_from(line, at + 4);
			if (!has_reason(f, reason, path))
				fail_msg("%s, case %zu: %.*s is not found", all[i].file, i,
					 SV_ARG(line));
		}
	}
	buf_fini(&b);
	arena_free(&d.arena);
}

static void
reasons_of_the_profiles(void **state)
{
	(void)state;
	each_reason_is_found(profiles, ARRAY_LEN(profiles));
}

static void
reasons_for_everybody(void **state)
{
	(void)state;
	each_reason_is_found(everywhere, ARRAY_LEN(everywhere));
}

static void
good_files_have_no_error(void **state)
{
	struct draft d = {.arena = arena_new()};
	struct buf b = BUF_INIT(LIMIT_CAP_FILE);
	size_t i;

	(void)state;
	if (!corpus_here(d.arena)) {
		arena_free(&d.arena);
		skip();
	}
	for (i = 0; i < ARRAY_LEN(good); i++) {
		arena_reset(d.arena);
		load(&d, &b, good[i].file);
		if (judged(&d, good[i].profile)->errors > 0)
			fail_msg("%s is not valid (%s)", good[i].file,
				 cap_profile_name(good[i].profile));
	}
	buf_fini(&b);
	arena_free(&d.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reasons_of_the_profiles),
		cmocka_unit_test(reasons_for_everybody),
		cmocka_unit_test(good_files_have_no_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
