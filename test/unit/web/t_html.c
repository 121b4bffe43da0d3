/* What gets into a page, escaped for its place. */
#include <string.h>

#include "lib/unit.h"

#include "base/buf.h"
#include "base/compiler.h"
#include "web/html.h"

typedef void escape_fn(struct buf *, struct sv);

static const struct {
	const char *name;
	escape_fn *escape;
	struct sv in;
	const char *want;
} cases[] = {
	{"plain", html_text, SV_INIT("Stay indoors."), "Stay indoors."},
	{"empty", html_text, SV_INIT(""), ""},
	{"the five", html_text, SV_INIT("<b>\"Tom\" & 'Jo'</b>"),
	 "&lt;b&gt;&quot;Tom&quot; &amp; &#39;Jo&#39;&lt;/b&gt;"},
	{"escaped once more, not less", html_text, SV_INIT("&lt;"), "&amp;lt;"},
	{"other scripts", html_text, SV_INIT("أين — где"), "أين — где"},
	{"tab and line end stay", html_text, SV_INIT("a\tb\nc"), "a\tb\nc"},
	{"control characters", html_text,
	 SV_INIT("a\0b\x01"
		 "c\x7f"
		 "d\re"),
	 "a b c d e"},
	{"a C1 control", html_text,
	 SV_INIT("a\xc2\x85"
		 "b"),
	 "a b"},
	{"not UTF-8", html_text,
	 SV_INIT("a\xff"
		 "b\xc3"),
	 "a\xef\xbf\xbd"
	 "b\xef\xbf\xbd"},
	{"an overlong <", html_text, SV_INIT("\xc0\xbc"), "\xef\xbf\xbd\xef\xbf\xbd"},
	{"U+FFFE is no XML", html_text,
	 SV_INIT("a\xef\xbf\xbe"
		 "b"),
	 "a b"},
	{"out of an attribute", html_attr, SV_INIT("\" onclick=\"x"), "&quot; onclick=&quot;x"},
	{"https", html_url, SV_INIT("https://a.example/b?c=d&e=f#g"),
	 "https://a.example/b?c=d&amp;e=f#g"},
	{"letter case of the scheme", html_url, SV_INIT("HTTPS://a.example"), "HTTPS://a.example"},
	{"mail", html_url, SV_INIT("mailto:duty@embassy.example"), "mailto:duty@embassy.example"},
	{"telephone", html_url, SV_INIT("tel:+995322274747"), "tel:+995322274747"},
	{"a path of ours", html_url, SV_INIT("/alert/x?lang=ar"), "/alert/x?lang=ar"},
	{"nothing", html_url, SV_INIT(""), ""},
	{"a script", html_url, SV_INIT("javascript:alert(1)"), "#"},
	{"a script behind a blank", html_url, SV_INIT(" javascript:alert(1)"), "#"},
	{"data", html_url, SV_INIT("data:text/html,<b>"), "#"},
	{"another host by two slashes", html_url, SV_INIT("//evil.example/"), "#"},
	{"another host by a backslash", html_url, SV_INIT("/\\evil.example/"), "#"},
	{"no scheme", html_url, SV_INIT("www.example.org"), "#"},
	{"a scheme alone", html_url, SV_INIT("https://"), "#"},
	{"quotes and blanks in an address", html_url, SV_INIT("https://a.example/\"><b> '"),
	 "https://a.example/%22%3E%3Cb%3E%20%27"},
	{"letters beyond ASCII in an address", html_url, SV_INIT("https://a.example/é"),
	 "https://a.example/%C3%A9"},
	{"a segment", html_segment, SV_INIT("654c5bfe-1-1"), "654c5bfe-1-1"},
	{"a segment that would climb", html_segment, SV_INIT("../a/b?c&d"), "..%2Fa%2Fb%3Fc%26d"},
};

static void
test_escape(void **state)
{
	struct buf b = BUF_INIT(4096);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		buf_reset(&b);
		cases[i].escape(&b, cases[i].in);
		if (!sv_eq(buf_sv(&b), sv_of(cases[i].want)))
			fail_msg("%s: got %s, want %s", cases[i].name, buf_str(&b), cases[i].want);
	}
	buf_fini(&b);
}

static void
test_put(void **state)
{
	struct buf b = BUF_INIT(4096);

	(void)state;
	html_put(&b, "<a href=\"{url}?q={seg}\" title=\"{}\">{}</a>",
		 HTML(SV("https://a.example/"), SV("a b"), SV("\"x\""), SV("<i>")));
	assert_sv(buf_sv(&b), SV("<a href=\"https://a.example/?q=a%20b\" title=\"&quot;x&quot;\">"
				 "&lt;i&gt;</a>"));
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_put),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("web/html", tests, NULL, NULL);
}
