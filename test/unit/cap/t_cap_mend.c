/*
 * t_cap_mend.c — the lenient reader: what is mended, and what looks like it and must
 * not be. Every case is mended twice: the second time there is nothing to do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/limits.h"
#include "cap/cap_mend.h"
#include "cap/cap_write.h"
#include "mend_cases.h"
#include "sample.h"

static struct arena *arena;

static int
open_arena(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
close_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* The names of the mends in order, separated by spaces. */
static struct sv
names_of(const struct cap_lenient *l)
{
	struct buf b = BUF_INIT(1 << 20);
	struct sv all;
	size_t i;

	for (i = 0; i < l->n_mends; i++)
		buf_addf(&b, "%s%s", i > 0 ? " " : "", cap_mend_row(l->mends[i].kind)->name);
	all = arena_sv(arena, buf_sv(&b));
	buf_fini(&b);
	return all;
}

static const struct cap_lenient *
mend(const char *what, struct sv text, size_t max_points, size_t want)
{
	const struct cap_lenient *l;
	struct cap_refusal refusal;
	struct err e = ERR_INIT;
	size_t n;

	if (cap_read_lenient(&l, &n, &refusal, arena, text, max_points, &e) != RC_OK)
		fail_msg("%s: %s", what, e.text);
	if (n != want)
		fail_msg("%s: %zu alerts, want %zu", what, n, want);
	return l;
}

static void
each_case_is_mended_or_left(void **state)
{
	const struct cap_lenient *l, *again;
	struct sv text;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		text = sample_with(arena, cases[i].from, cases[i].to);
		l = mend(cases[i].what, text, 0, 1);
		if (!sv_eq(names_of(l), sv_of(cases[i].mends)))
			fail_msg("%s: mends \"%.*s\", want \"%s\"", cases[i].what,
				 SV_ARG(names_of(l)), cases[i].mends);
		if (cases[i].has[0] != '\0' && sv_find(l->xml, sv_of(cases[i].has)) == l->xml.n)
			fail_msg("%s: no \"%s\" in\n%.*s", cases[i].what, cases[i].has,
				 SV_ARG(l->xml));
		if (cases[i].valid != (l->alert != NULL && l->findings->errors == 0))
			fail_msg("%s: %zu errors, the first of %zu: %.*s", cases[i].what,
				 l->findings->errors, l->findings->n,
				 SV_ARG(l->findings->n > 0 ? l->findings->v[0].message : SV("")));
		again = mend(cases[i].what, l->xml, 0, 1);
		if (again->n_mends > 0 || !sv_eq(again->xml, l->xml))
			fail_msg("%s: mended again, \"%.*s\"", cases[i].what,
				 SV_ARG(names_of(again)));
	}
}

static struct sv
wrapped(const char *head, const char *tail)
{
	struct sv body = sv_from(SV(SAMPLE), sv_find(SV(SAMPLE), SV("<alert")));

	return arena_fmt(arena, "%s%.*s%s", head, SV_ARG(body), tail);
}

/* The bytes around a message: what comes out is the same message. */
static void
bytes_around_a_message_go(void **state)
{
	const struct cap_lenient *l, *plain = mend("plain", SV(SAMPLE), 0, 1);
	struct sv escaped;
	struct buf b = BUF_INIT(1 << 20);
	struct {
		const char *what;
		struct sv text;
		const char *mends;
	} list[16];
	size_t n = 0, i;

	(void)state;
	cap_write_text(&b, wrapped("", ""));
	escaped = arena_sv(arena, buf_sv(&b));
	buf_fini(&b);
#define ADD(w, t, m) list[n].what = (w), list[n].text = (t), list[n++].mends = (m)
	ADD("a mark", arena_fmt(arena, "\xEF\xBB\xBF%s", SAMPLE), "byte-order-mark");
	ADD("lines before", arena_fmt(arena, "\n \n%s", SAMPLE), "text-before");
	ADD("lines before, no declaration", wrapped("\n\n", ""), "");
	ADD("a header before", arena_fmt(arena, "HTTP/1.1 200 OK\r\n\r\n%s", SAMPLE),
	    "text-before");
	ADD("text behind", arena_fmt(arena, "%s-- sent by X", SAMPLE), "text-after");
	ADD("a wrapper", wrapped("<alerts>", "</alerts>"), "wrapper");
	ADD("a wrapper of CAP", wrapped("<alerts xmlns=\"" NS_12 "\">", "</alerts>"), "wrapper");
	ADD("EDXL",
	    wrapped("<d:EDXLDistribution xmlns:d=\"urn:oasis:names:tc:emergency:EDXL:DE:1.0\">"
		    "<d:contentObject><d:xmlContent><d:embeddedXMLContent>",
		    "</d:embeddedXMLContent></d:xmlContent></d:contentObject>"
		    "</d:EDXLDistribution>"),
	    "wrapper");
	ADD("SOAP",
	    wrapped("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>",
		    "</s:Body></s:Envelope>"),
	    "wrapper");
	ADD("Atom",
	    wrapped("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>x &lt; y</title><entry>"
		    "<content>",
		    "</content></entry></feed>"),
	    "wrapper");
	ADD("CDATA",
	    wrapped("<r><![CDATA[<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n", "]]></r>"),
	    "wrapper");
	ADD("escaped", arena_fmt(arena, "<r>%.*s</r>", SV_ARG(escaped)), "wrapper");
	ADD("UTF-16 by name only", wrapped("<?xml version=\"1.0\" encoding=\"utf-16\"?>\n", ""),
	    "encoding");
#undef ADD
	for (i = 0; i < n; i++) {
		l = mend(list[i].what, list[i].text, 0, 1);
		if (!sv_eq(names_of(l), sv_of(list[i].mends)))
			fail_msg("%s: mends \"%.*s\", want \"%s\"", list[i].what,
				 SV_ARG(names_of(l)), list[i].mends);
		if (!sv_eq(l->xml, plain->xml))
			fail_msg("%s: another message\n%.*s", list[i].what, SV_ARG(l->xml));
	}
}

static const char accents[] = "<headline>Caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x9A\xA8</headline>";

/* UTF-16 of UTF-8, by hand for the characters of this file only. */
static struct sv
to_utf16(struct sv v, bool big, bool mark)
{
	struct buf b = BUF_INIT(1 << 20);
	struct sv all, rest = v;
	uint32_t c, unit[2];
	size_t i, n;

	if (mark)
		buf_add(&b, big ? SV("\xFE\xFF") : SV("\xFF\xFE"));
	while (rest.n > 0) {
		c = (unsigned char)rest.p[0];
		n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
		c = n == 1 ? c : c & (0x7FU >> n);
		for (i = 1; i < n; i++)
			c = c << 6 | ((unsigned char)rest.p[i] & 0x3F);
		rest = sv_from(rest, n);
		unit[0] = c < 0x10000 ? c : 0xD800 + ((c - 0x10000) >> 10);
		unit[1] = 0xDC00 + ((c - 0x10000) & 0x3FF);
		for (i = 0; i < (c < 0x10000 ? 1U : 2U); i++) {
			buf_addc(&b, (char)(big ? unit[i] >> 8 : unit[i] & 0xFF));
			buf_addc(&b, (char)(big ? unit[i] & 0xFF : unit[i] >> 8));
		}
	}
	all = arena_sv(arena, buf_sv(&b));
	buf_fini(&b);
	return all;
}

static void
encodings_become_utf8(void **state)
{
	struct sv utf8 = sample_with(arena, "<headline>Leave while you can</headline>", accents);
	struct sv declared = arena_fmt(arena, "<?xml version=\"1.0\" encoding=\"UTF-16\"?>%.*s",
				       SV_ARG(sv_from(utf8, sv_find(utf8, SV("\n")))));
	const struct cap_lenient *want = mend("UTF-8", utf8, 0, 1), *l;
	struct sv text;
	int i;

	(void)state;
	assert_int_equal(want->n_mends, 0);
	for (i = 0; i < 8; i++) {
		text = to_utf16(i & 4 ? declared : utf8, i & 1, i & 2);
		l = mend("UTF-16", text, 0, 1);
		if (!sv_eq(names_of(l), SV("encoding")) || !sv_eq(l->xml, want->xml))
			fail_msg("way %d: \"%.*s\"", i, SV_ARG(names_of(l)));
	}
	text = sample_with(arena, "encoding=\"UTF-8\"", "encoding=\"windows-1252\"");
	text = arena_fmt(arena, "%.*s<note>\x80 caf\xE9</note>%.*s",
			 SV_ARG(sv_head(text, sv_find(text, SV("<references>")))),
			 SV_ARG(sv_from(text, sv_find(text, SV("<references>")))));
	l = mend("Windows-1252", text, 0, 1);
	assert_true(sv_eq(names_of(l), SV("encoding")));
	assert_true(sv_find(l->xml, SV("<note>\xE2\x82\xAC caf\xC3\xA9</note>")) < l->xml.n);
	text = sample_with(arena, "encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"");
	text = arena_fmt(arena, "%.*s<note>caf\xE9</note>%.*s",
			 SV_ARG(sv_head(text, sv_find(text, SV("<references>")))),
			 SV_ARG(sv_from(text, sv_find(text, SV("<references>")))));
	l = mend("ISO-8859-1", text, 0, 1);
	assert_true(sv_eq(names_of(l), SV("encoding")));
	assert_true(sv_find(l->xml, SV("<note>caf\xC3\xA9</note>")) < l->xml.n);
}

/* What cannot be read is refused, whatever stands around it. */
static void
some_bytes_are_refused(void **state)
{
	static const struct {
		const char *what;
		struct sv text;
		const char *rule;
	} list[] = {
		{"nothing", SV_INIT(""), "not-well-formed"},
		{"text", SV_INIT("no tags at all"), "not-well-formed"},
		{"another root", SV_INIT("<feed/>"), "no-alert"},
		{"no namespace", SV_INIT("<alert><identifier>1</identifier></alert>"), "no-alert"},
		{"another namespace", SV_INIT("<alert xmlns='urn:x'/>"), "no-alert"},
		{"talk of an alert", SV_INIT("<feed><p>&lt;alert&gt; is a word</p></feed>"),
		 "no-alert"},
		{"a type of its own", SV_INIT("\n<!DOCTYPE alert [<!ENTITY x 'y'>]><alert/>"),
		 "doctype"},
		{"cut", SV_INIT("<alert xmlns='" NS_12 "'><identifier>1</ident"),
		 "not-well-formed"},
		{"bytes of no encoding",
		 SV_INIT("<alert xmlns='" NS_12 "'><note>caf\xE9</note></alert>"),
		 "not-well-formed"},
		{"half a UTF-16", SV_INIT("\xFF\xFE<\0a\0l"), "nul-byte"},
		{"a letter that UTF-16 has not", SV_INIT("\xFE\xFF\0<\xDC\0"), "nul-byte"},
		{"a UTF-32", SV_INIT("\xFF\xFE\0\0<\0\0\0"), "nul-byte"},
		{"another encoding", SV_INIT("<?xml version='1.0' encoding='KOI8-R'?><alert/>"),
		 "encoding"},
	};
	const struct cap_lenient *l;
	struct cap_refusal refusal = {"", 0};
	struct err e = ERR_INIT;
	size_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_LEN(list); i++) {
		assert_int_not_equal(cap_read_lenient(&l, &n, &refusal, arena, list[i].text, 0, &e),
				     RC_OK);
		if (strcmp(refusal.rule, list[i].rule) != 0)
			fail_msg("%s: refused by %s (%s), want %s", list[i].what, refusal.rule,
				 e.text, list[i].rule);
	}
}

/* Lines and paths are those of the bytes that came in. */
static void
a_mend_says_where(void **state)
{
	struct sv text = arena_fmt(
		arena, "junk\n<wrap>\n%.*s</wrap>\n",
		SV_ARG(sv_from(sample_with(arena, "<area>\n",
					   "<area><areaDesc>A</areaDesc></area>\n<area v=\"1\">\n"),
			       sv_find(SV(SAMPLE), SV("<alert")))));
	const struct cap_lenient *l = mend("where", text, 0, 1);
	struct sv before = sv_head(text, sv_find(text, SV("<area v")));
	int line = 1;
	size_t i;

	(void)state;
	for (i = 0; i < before.n; i++)
		line += before.p[i] == '\n';
	assert_true(sv_eq(names_of(l), SV("text-before wrapper unknown-attribute")));
	assert_int_equal(l->mends[0].line, 1);
	assert_true(sv_eq(l->mends[0].from, SV("junk\n")));
	assert_int_equal(l->mends[1].line, 3);
	assert_true(sv_eq(l->mends[1].from, SV("/wrap")));
	assert_int_equal(l->mends[2].line, line);
	assert_true(sv_eq(l->mends[2].path, SV("/alert/info[1]/area[2]")));
	assert_true(sv_eq(l->mends[2].from, SV("v=\"1\"")));
	assert_int_equal(l->mends[2].to.n, 0);
}

static void
alerts_of_a_feed_stand_apart(void **state)
{
	struct sv one = wrapped("", ""), two = sample_with(arena, "EMB-2026-14", "EMB-2026-15");
	const struct cap_lenient *l;

	(void)state;
	two = sv_from(two, sv_find(two, SV("<alert")));
	l = mend("two",
		 arena_fmt(arena, "<feed><entry>%.*s</entry><entry>%.*s</entry></feed>",
			   SV_ARG(one), SV_ARG(two)),
		 0, 2);
	assert_true(sv_eq(l[0].alert->identifier, SV("EMB-2026-14")));
	assert_true(sv_eq(l[1].alert->identifier, SV("EMB-2026-15")));
	assert_int_equal(l[0].findings->errors + l[1].findings->errors, 0);
}

static void
alerts_of_a_feed_are_bounded(void **state)
{
	static const char one[] = "<alert/><n><![CDATA[<alert xmlns='" NS_12 "'/>]]></n>";
	struct buf b = BUF_INIT(LIMIT_CAP_FILE);
	const struct cap_lenient *l;
	struct cap_refusal refusal;
	struct err e = ERR_INIT;
	size_t i, n;
	int more;

	(void)state;
	for (more = 0; more < 2; more++) {
		buf_reset(&b);
		buf_adds(&b, "<r xmlns=\"" NS_12 "\">");
		for (i = 0; i < LIMIT_CAP_ALERTS / 2; i++)
			buf_adds(&b, one);
		buf_adds(&b, more ? "<alert/></r>" : "</r>");
		assert_true(buf_ok(&b));
		if (!more) {
			(void)mend("as many as may be", buf_sv(&b), 0, LIMIT_CAP_ALERTS);
			continue;
		}
		assert_int_equal(cap_read_lenient(&l, &n, &refusal, arena, buf_sv(&b), 0, &e),
				 RC_LIMIT);
		assert_string_equal(refusal.rule, "too-many");
	}
	buf_fini(&b);
}

/* On request: fewer points that cover the old ones; without it: never. */
static void
a_polygon_is_made_simpler_on_request(void **state)
{
	struct buf ring = BUF_INIT(1 << 20);
	const struct cap_lenient *l;
	const struct geo_ring *got;
	struct sv text;
	int i;

	(void)state;
	/* A comb of 200 teeth along 50 N. */
	for (i = 0; i < 200; i++)
		buf_addf(&ring, "50.%d,30.%03d ", i % 2 == 0 ? 1 : 2, i);
	buf_adds(&ring, "49,30.199 49,30.000 50.1,30.000");
	text = sample_with(arena, "50,30 50,31 51,31 50,30", buf_str(&ring));
	l = mend("as it is", text, 0, 1);
	assert_int_equal(l->n_mends, 0);
	l = mend("few enough", text, 300, 1);
	assert_int_equal(l->n_mends, 0);
	l = mend("simpler", text, 50, 1);
	assert_true(sv_eq(names_of(l), SV("simplified")));
	assert_int_equal(l->findings->errors, 0);
	got = &l->alert->infos[0].areas[0].polygons[0].ring;
	assert_in_range(got->n, 5, 50);
	for (i = 0; i < 200; i++) {
		/* The tip and the foot of each tooth are inside or on the line. */
		assert_true(geo_ring_contains(got, (struct geo_point){i % 2 == 0 ? 50.1 : 50.2,
								      30 + i / 1000.0}));
	}
	buf_fini(&ring);
}

/* A bow-tie becomes its outline on request: both triangles and what lies in them, no more points
 * than asked for; a polygon that is simple and small enough stays as it is written. */
static void
a_crossing_polygon_becomes_its_outline(void **state)
{
	static const struct geo_point inside[] = {{50.2, 30.5}, {50.8, 30.5}, {50.5, 30.5}};
	const struct cap_lenient *l;
	const struct geo_ring *got;
	struct sv text;
	size_t i;

	(void)state;
	text = sample_with(arena, "50,30 50,31 51,31 50,30", "50,30 51,31 51,30 50,31 50,30");
	l = mend("as it is", text, 0, 1);
	assert_int_equal(l->n_mends, 0);
	l = mend("its outline", text, 100, 1);
	assert_true(sv_eq(names_of(l), SV("simplified")));
	got = &l->alert->infos[0].areas[0].polygons[0].ring;
	assert_in_range(got->n, 5, 100);
	for (i = 0; i < ARRAY_LEN(inside); i++)
		assert_true(geo_ring_contains(got, inside[i]));
	for (i = 0; i < l->findings->n; i++)
		assert_string_not_equal(l->findings->v[i].rule, "polygon-self-intersects");
	text = sample_with(arena, "50,30 50,31 51,31 50,30", "50,30 50,31.00 51,31 50,30");
	l = mend("simple and small", text, 100, 1);
	assert_int_equal(l->n_mends, 0);
}

static void
each_mend_has_a_case(void **state)
{
	/* Those that only whole bytes or a request show. */
	static const char apart[] = "byte-order-mark encoding text-before text-after wrapper "
				    "simplified";
	const char *name;
	size_t i;
	int k;

	(void)state;
	for (k = 0; k < CAP_MENDS; k++) {
		name = cap_mend_row((enum cap_mend_kind)k)->name;
		if (strstr(apart, name) != NULL)
			continue;
		for (i = 0; i < ARRAY_LEN(cases); i++) {
			if (strstr(cases[i].mends, name) != NULL)
				break;
		}
		if (i == ARRAY_LEN(cases))
			fail_msg("no case for the mend %s", name);
	}
}

/* doc/cap-mends.md has one row for each mend, and says the same. */
static void
each_mend_is_documented(void **state)
{
	const char *top = getenv("TOP");
	struct buf doc = BUF_INIT(1 << 20);
	const struct cap_mend_row *row;
	struct err e = ERR_INIT;
	struct sv want;
	int k;

	(void)state;
	if (file_read(&doc, arena_fmt(arena, "%s/doc/cap-mends.md", top != NULL ? top : ".").p,
		      &e) != RC_OK)
		fail_msg("%s", e.text);
	for (k = 0; k < CAP_MENDS; k++) {
		row = cap_mend_row((enum cap_mend_kind)k);
		want = arena_fmt(arena, "\n| `%s` | %s | %s |\n", row->name, row->what, row->why);
		if (sv_find(buf_sv(&doc), want) == buf_sv(&doc).n)
			fail_msg("doc/cap-mends.md has no row%.*s", SV_ARG(want));
	}
	buf_fini(&doc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_case_is_mended_or_left),
		cmocka_unit_test(bytes_around_a_message_go),
		cmocka_unit_test(encodings_become_utf8),
		cmocka_unit_test(some_bytes_are_refused),
		cmocka_unit_test(a_mend_says_where),
		cmocka_unit_test(alerts_of_a_feed_stand_apart),
		cmocka_unit_test(alerts_of_a_feed_are_bounded),
		cmocka_unit_test(a_polygon_is_made_simpler_on_request),
		cmocka_unit_test(a_crossing_polygon_becomes_its_outline),
		cmocka_unit_test(each_mend_has_a_case),
		cmocka_unit_test(each_mend_is_documented),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
