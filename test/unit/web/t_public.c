/* The public pages and feeds over HTTP, on a real store. */
#include <stdio.h>

#include "lib/unit.h"
#include "t_site.h"

#include "base/compiler.h"
#include "base/limits.h"
#include "base/time.h"
#include "store/store.h"
#include "web/route.h"

static const struct site_alert leave = {
	"0123abcd-1-1", 0, CAP_MSGTYPE_ALERT, CAP_SCOPE_PUBLIC, "Actual",
	"Leave now",    0, ALERT_LIVE,
};

static struct site_alert
with(const char *identifier, const char *headline)
{
	struct site_alert a = leave;

	a.identifier = identifier;
	a.headline = headline;
	return a;
}

/* Every row of the table without a session, its pattern's '*' filled in with nothing that exists. */
static void
test_routes(void **state)
{
	struct site s;
	size_t i;

	(void)state;
	site_open(&s, true);
	site_start(&s);
	for (i = 0; i < routes_n; i++) {
		const struct route *r = &routes[i];
		struct sv pattern = sv_of(r->pattern);
		size_t star = sv_find_char(pattern, '*');
		int status, want = r->who == ROUTE_OFFICER ? 303 : star < pattern.n ? 404 : 200;
		char path[128];

		if (r->method == HTTP_POST && r->who == ROUTE_ALL)
			want = 403; /* signing in with nothing */
		if (r->who == ROUTE_OPEN)
			want = 400; /* asking about nothing */
		snprintf(path, sizeof(path), "%.*s%s%.*s", SV_ARG(sv_head(pattern, star)),
			 star < pattern.n ? "1" : "", SV_ARG(sv_from(pattern, star + 1)));
		status = r->method == HTTP_POST ? site_ask(&s, "POST", path, "", "a=b")
						: site_get(&s, path);
		if (status != want)
			fail_msg("%s: %d, want %d", path, status, want);
		if (want == 303)
			assert_sv(site_header(&s, "Location"), SV("/desk/signin"));
		assert_true(sv_starts(site_header(&s, "Content-Security-Policy"),
				      SV("default-src 'self';")));
		assert_sv(site_header(&s, "X-Content-Type-Options"), SV("nosniff"));
		assert_true(site_header(&s, "Referrer-Policy").n > 0);
		if (sv_starts(pattern, SV("/desk")) && !sv_ends(pattern, SV(".css")))
			assert_sv(site_header(&s, "Cache-Control"), SV("no-store"));
		assert_true(site_header(&s, "Set-Cookie").p == NULL);
		if (r->method == HTTP_GET) {
			assert_int_equal(site_ask(&s, "HEAD", path, "", NULL), want);
			assert_int_equal(site_body(&s).n, 0);
			assert_int_equal(site_ask(&s, "DELETE", path, "", NULL), 405);
			assert_true(sv_starts(site_header(&s, "Allow"), SV("GET, HEAD")));
		}
	}
	site_close(&s);
}

static void
test_nowhere(void **state)
{
	static const struct {
		const char *path;
		int want;
	} cases[] = {
		{"/nothing", 404},
		{"/alert/", 404},
		{"/alert/..%2f..%2fetc%2fpasswd", 404},
		{"/../../etc/passwd", 404},
		{"/%2e%2e/%2e%2e/etc/passwd", 404},
		{"/alert/0123abcd-1-1/..", 404},
		{"/alert/0123abcd-1-1.xml/", 404},
		{"/alert/%3Cscript%3Ealert(1)%3C%2fscript%3E", 404},
		{"/alert/%00", 400},
		{"/style.css/../desk", 404},
		{"//desk", 404},
	};
	struct site s;
	size_t i;

	(void)state;
	site_open(&s, false);
	site_alert(&s, &leave);
	site_start(&s);
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		int status = site_get(&s, cases[i].path);

		if (status != cases[i].want)
			fail_msg("%s: %d", cases[i].path, status);
		assert_false(site_says(&s, "<script"));
		assert_false(site_says(&s, "root:"));
	}
	site_close(&s);
}

static void
test_not_modified(void **state)
{
	static const char *const paths[] = {"/",
					    "/?lang=ar",
					    "/alert/0123abcd-1-1",
					    "/alert/0123abcd-1-1.xml",
					    "/feed.atom",
					    "/style.css",
					    "/verify",
					    "/fingerprint",
					    "/certificate.pem"};
	char header[256];
	struct site s;
	size_t i;

	(void)state;
	site_open(&s, false);
	site_alert(&s, &leave);
	site_start(&s);
	for (i = 0; i < ARRAY_LEN(paths); i++) {
		assert_int_equal(site_get(&s, paths[i]), 200);
		assert_in_range(site_body(&s).n, 1, 20 * KIB);
		snprintf(header, sizeof(header), "If-None-Match: %.*s\r\n",
			 SV_ARG(site_header(&s, "ETag")));
		assert_int_equal(site_ask(&s, "GET", paths[i], header, NULL), 304);
		assert_int_equal(site_body(&s).n, 0);
		assert_int_equal(site_ask(&s, "GET", paths[i], "If-None-Match: \"x\"\r\n", NULL),
				 200);
	}
	assert_int_equal(site_get(&s, "/feed.atom"), 200);
	snprintf(header, sizeof(header), "If-Modified-Since: %.*s\r\n",
		 SV_ARG(site_header(&s, "Last-Modified")));
	assert_int_equal(site_ask(&s, "GET", "/feed.atom", header, NULL), 304);
	site_close(&s);
}

static void
test_languages(void **state)
{
	static const struct {
		const char *path, *accept, *want;
	} cases[] = {
		{"/", "", "en"},
		{"/", "fr-CH, en;q=0.5", "fr"},
		{"/", "de, ru;q=0.5", "ru"},
		{"/", "de", "en"},
		{"/?lang=uk", "fr", "uk"},
		{"/?lang=%3Cscript%3E", "fr", "fr"},
		{"/alert/0123abcd-1-1", "", "en"},
		{"/alert/0123abcd-1-1", "ar-EG;q=0.9, de", "ar"},
		{"/alert/0123abcd-1-1", "en;q=0.1, fr", "fr"},
		{"/alert/0123abcd-1-1?lang=fr", "ar", "fr"},
		{"/alert/0123abcd-1-1?lang=zz", "ar", "ar"},
		{"/alert/0123abcd-1-1?lang=zz", "", "en"},
		{"/verify", "ru", "ru"},
		{"/verify?lang=uk", "ru", "uk"},
		{"/fingerprint", "es-AR", "es"},
	};
	char header[128];
	struct site s;
	size_t i;

	(void)state;
	site_open(&s, false);
	site_alert(&s, &leave);
	site_start(&s);
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(header, sizeof(header), "Accept-Language: %s\r\n", cases[i].accept);
		assert_int_equal(site_ask(&s, "GET", cases[i].path, header, NULL), 200);
		if (!sv_eq(site_header(&s, "Content-Language"), sv_of(cases[i].want)))
			fail_msg("%s, %s: %.*s", cases[i].path, cases[i].accept,
				 SV_ARG(site_header(&s, "Content-Language")));
		assert_sv(site_header(&s, "Vary"), SV("Accept-Language"));
		assert_true(sv_eq(sv_of(cases[i].want), SV("ar")) ==
			    site_says(&s, "dir=\"rtl\">\n<head>"));
	}
	site_close(&s);
}

/* Only scope Public, only what is sent; and the bytes are the store's. */
static void
test_published(void **state)
{
	struct site_alert restricted = with("0123abcd-2-1", "Staff only"),
			  draft = with("", "Only a draft");
	struct buf want = BUF_INIT(MIB);
	struct site s;
	int64_t id;

	(void)state;
	restricted.scope = CAP_SCOPE_RESTRICTED;
	draft.identifier = "0123abcd-3-1";
	draft.upto = ALERT_DRAFT;
	site_open(&s, false);
	id = site_alert(&s, &leave);
	site_alert(&s, &restricted);
	site_alert(&s, &draft);
	site_start(&s);
	assert_int_equal(site_get(&s, "/alert/0123abcd-1-1.xml"), 200);
	assert_sv(site_header(&s, "Content-Type"), SV("application/cap+xml; charset=utf-8"));
	site_stored(&s, id, &want);
	assert_sv(site_body(&s), buf_sv(&want));
	assert_int_equal(site_get(&s, "/alert/0123abcd-2-1"), 404);
	assert_int_equal(site_get(&s, "/alert/0123abcd-2-1.xml"), 404);
	assert_int_equal(site_get(&s, "/alert/0123abcd-3-1"), 404);
	assert_int_equal(site_get(&s, "/alert/0123abcd-3-1.xml"), 404);
	assert_int_equal(site_get(&s, "/"), 200);
	assert_true(site_says(&s, "Leave now"));
	assert_false(site_says(&s, "Staff only") || site_says(&s, "Only a draft"));
	assert_int_equal(site_get(&s, "/feed.atom"), 200);
	assert_true(site_says(&s, "Leave now"));
	assert_false(site_says(&s, "Staff only") || site_says(&s, "Only a draft"));
	buf_fini(&want);
	site_close(&s);
}

static void
keep_tag(struct site *s, const char *path, char tag[64])
{
	assert_int_equal(site_get(s, path), 200);
	snprintf(tag, 64, "%.*s", SV_ARG(site_header(s, "ETag")));
}

static void
expect_tag(struct site *s, const char *path, const char *tag, bool same)
{
	assert_int_equal(site_get(s, path), 200);
	if (sv_eq(site_header(s, "ETag"), sv_of(tag)) != same)
		fail_msg("%s: its tag %s", path, same ? "changed" : "stayed");
}

/* Tags change with what they stand for, and only then. */
static void
test_changes(void **state)
{
	struct site_alert update = with("0123abcd-1-2", "Leave by the north");
	char list[64], feed[64], page[64], other[64];
	struct site s;
	int64_t id;

	(void)state;
	site_open(&s, false);
	site_start(&s);
	assert_int_equal(site_get(&s, "/"), 200);
	assert_true(site_says(&s, "No alerts are in force"));
	keep_tag(&s, "/", list);
	keep_tag(&s, "/feed.atom", feed);
	site_look(&s);
	expect_tag(&s, "/", list, true);
	expect_tag(&s, "/feed.atom", feed, true);

	id = site_alert(&s, &leave);
	expect_tag(&s, "/", list, true);
	site_look(&s);
	expect_tag(&s, "/", list, false);
	assert_false(site_says(&s, "No alerts are in force"));
	expect_tag(&s, "/feed.atom", feed, false);
	keep_tag(&s, "/alert/0123abcd-1-1", page);
	keep_tag(&s, "/alert/0123abcd-1-1.xml", other);

	update.thread = id;
	update.msgtype = CAP_MSGTYPE_UPDATE;
	site_alert(&s, &update);
	site_change(&s, id, ALERT_ON_SUPERSEDE);
	site_look(&s);
	expect_tag(&s, "/alert/0123abcd-1-1", page, false);
	assert_true(site_says(&s, "This alert was updated"));
	assert_true(site_says(&s, "href=\"/alert/0123abcd-1-2?lang=en\""));
	expect_tag(&s, "/alert/0123abcd-1-1.xml", other, true);
	assert_int_equal(site_get(&s, "/"), 200);
	assert_true(site_says(&s, "Leave by the north"));
	assert_false(site_says(&s, "Leave now"));
	site_close(&s);
}

/* The newest version is for staff only: the public one ends without a way to it. */
static void
test_newer_is_restricted(void **state)
{
	struct site_alert update = with("0123abcd-1-2", "Staff only");
	struct site s;

	(void)state;
	site_open(&s, false);
	update.thread = site_alert(&s, &leave);
	update.scope = CAP_SCOPE_RESTRICTED;
	update.msgtype = CAP_MSGTYPE_UPDATE;
	site_alert(&s, &update);
	site_change(&s, update.thread, ALERT_ON_SUPERSEDE);
	site_start(&s);
	assert_int_equal(site_get(&s, "/alert/0123abcd-1-1"), 200);
	assert_true(site_says(&s, "This alert was updated"));
	assert_false(site_says(&s, "0123abcd-1-2"));
	site_close(&s);
}

static void
test_cancelled(void **state)
{
	struct site_alert cancel = with("0123abcd-1-2", "Withdrawn: Leave now");
	struct site s;

	(void)state;
	site_open(&s, false);
	cancel.thread = site_alert(&s, &leave);
	cancel.msgtype = CAP_MSGTYPE_CANCEL;
	site_alert(&s, &cancel);
	site_change(&s, cancel.thread, ALERT_ON_CANCEL);
	site_start(&s);
	assert_int_equal(site_get(&s, "/alert/0123abcd-1-1"), 200);
	assert_true(site_says(&s, "This alert was cancelled"));
	assert_true(site_says(&s, "href=\"/alert/0123abcd-1-2?lang=en\""));
	/* A withdrawal is told, and is no alert in force. */
	assert_int_equal(site_get(&s, "/"), 200);
	assert_true(site_says(&s, "No alerts are in force"));
	assert_true(site_says(&s, "Withdrawn: Leave now"));
	assert_false(site_says(&s, "In force until"));
	site_close(&s);
}

/* Its end has passed, and nobody has moved the row. */
static void
test_expired(void **state)
{
	struct site_alert over = leave;
	struct site s;

	(void)state;
	over.expires = time_now() - 60;
	site_open(&s, false);
	site_alert(&s, &over);
	site_start(&s);
	assert_int_equal(site_get(&s, "/"), 200);
	assert_true(site_says(&s, "No alerts are in force"));
	assert_int_equal(site_get(&s, "/alert/0123abcd-1-1"), 200);
	assert_true(site_says(&s, "This alert has ended"));
	site_close(&s);
}

static void
test_practice_and_drill(void **state)
{
	struct site_alert drill = with("0123abcd-1-1", "Only a drill");
	struct site s;

	(void)state;
	drill.status = "Exercise";
	/* In a live installation a drill is for its group only. */
	site_open(&s, false);
	site_alert(&s, &drill);
	site_start(&s);
	assert_int_equal(site_get(&s, "/alert/0123abcd-1-1"), 404);
	assert_int_equal(site_get(&s, "/alert/0123abcd-1-1.xml"), 404);
	assert_int_equal(site_get(&s, "/"), 200);
	assert_false(site_says(&s, "Only a drill") || site_says(&s, "EXERCISE"));
	assert_int_equal(site_get(&s, "/feed.atom"), 200);
	assert_false(site_says(&s, "Only a drill") || site_says(&s, "EXERCISE"));
	site_close(&s);

	site_open(&s, true);
	site_alert(&s, &drill);
	site_start(&s);
	assert_int_equal(site_get(&s, "/"), 200);
	assert_true(site_says(&s, "<title>EXERCISE: ") && site_says(&s, "Only a drill"));
	assert_int_equal(site_get(&s, "/feed.atom"), 200);
	assert_true(site_says(&s, "EXERCISE: Only a drill"));
	site_close(&s);
}

/* When the store cannot be asked, "none" is not said. */
static void
test_cannot_look(void **state)
{
	struct site s;

	(void)state;
	site_open(&s, false);
	site_start(&s);
	assert_int_equal(site_get(&s, "/healthz"), 200);
	assert_sv(site_body(&s), SV("ok\n"));
	OK(&s, store_exec(s.st, "ALTER TABLE change RENAME TO elsewhere", NO_ARGS, NULL, &s.e));
	OK(&s,
	   store_exec(s.st, "ALTER TABLE counter RENAME TO elsewhere_too", NO_ARGS, NULL, &s.e));
	assert_int_not_equal(web_look(s.web, &s.e), RC_OK);
	assert_int_equal(site_get(&s, "/healthz"), 503);
	assert_sv(site_body(&s), SV("the store does not answer\n"));
	assert_int_equal(site_get(&s, "/"), 200);
	assert_true(site_says(&s, "We cannot check for alerts right now."));
	assert_false(site_says(&s, "No alerts are in force"));
	assert_sv(site_header(&s, "Cache-Control"), SV("no-store"));
	OK(&s, store_exec(s.st, "ALTER TABLE elsewhere RENAME TO change", NO_ARGS, NULL, &s.e));
	OK(&s,
	   store_exec(s.st, "ALTER TABLE elsewhere_too RENAME TO counter", NO_ARGS, NULL, &s.e));
	site_look(&s);
	assert_int_equal(site_get(&s, "/healthz"), 200);
	assert_int_equal(site_get(&s, "/"), 200);
	assert_true(site_says(&s, "No alerts are in force"));
	site_close(&s);
}

static void
test_metrics(void **state)
{
	static const char *const lines[] = {
		"\ntocsin_build_info{version=\"" TOCSIN_VERSION "\"} 1\n",
		"\ntocsin_alerts{state=\"live\"} 1\n",
		"\ntocsin_alerts{state=\"draft\"} 0\n",
		"\ntocsin_deliveries{alert=\"1\",state=\"accepted\"} 0\n",
		"\ntocsin_outbox_due 0\n",
		"\ntocsin_persons_unaccounted 0\n",
		"\ntocsin_store_up 1\n",
	};
	struct site s;
	size_t i;

	(void)state;
	site_open(&s, false);
	site_alert(&s, &leave);
	site_start(&s);
	assert_int_equal(site_get(&s, "/metrics"), 200);
	for (i = 0; i < ARRAY_LEN(lines); i++)
		if (!site_says(&s, lines[i]))
			fail_msg("not there: %s", lines[i]);
	assert_int_equal(site_ask(&s, "GET", "/metrics", "X-Forwarded-For: 192.0.2.1\r\n", NULL),
			 403);
	site_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_nowhere),
		cmocka_unit_test(test_not_modified),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_newer_is_restricted),
		cmocka_unit_test(test_cancelled),
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_practice_and_drill),
		cmocka_unit_test(test_cannot_look),
		cmocka_unit_test(test_metrics),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("web/public", tests, NULL, NULL);
}
