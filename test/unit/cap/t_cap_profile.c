/*
 * t_cap_profile.c — for each profile one message that keeps it, one change to that
 * message, and the findings of level profile that it must give.
 *
 * Expected findings come from the documents that cap_profile.h names; which rules a
 * change breaks was worked out by hand. Where the standard advises the same the finding has
 * the place of that advice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cap/cap_profile.h"
#include "cap/cap_rule.h"

#define HEAD(sender, code)                                         \
	"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n" \
	"<identifier>A1</identifier>\n"                            \
	"<sender>" sender "</sender>\n"                            \
	"<sent>2026-09-22T02:10:00-05:00</sent>\n"                 \
	"<status>Actual</status>\n"                                \
	"<msgType>Alert</msgType>\n"                               \
	"<scope>Public</scope>\n"                                  \
	"<code>" code "</code>\n"

#define PAIR(element, name, value) \
	"<" element "><valueName>" name "</valueName><value>" value "</value></" element ">\n"

/* Eleven lines from <info> on; X marks what belongs to the first or second. */
#define INFO(language, event, code, X, more)                                                    \
	"<info>\n"                                                                              \
	"<language>" language "</language>\n"                                                   \
	"<category>Met</category>\n"                                                            \
	"<event>" event "</event>\n"                                                            \
	"<responseType>Shelter</responseType>\n"                                                \
	"<urgency>Immediate</urgency>\n"                                                        \
	"<severity>Severe</severity>\n"                                                         \
	"<certainty>Likely</certainty>\n" code "<expires>2026-09-22T04:10:00-05:00</expires>\n" \
	"<senderName>Office " X "</senderName>\n"                                               \
	"<description>It comes " X ".</description>\n"                                          \
	"<instruction>Go inside " X ".</instruction>\n" more

#define CIRCLE "<circle>30,-90 5</circle>\n"

/* Lines: alert 1, sent 4, code 8, info 9, eventCode 17, EAS-ORG 22, area 23, polygon 25,
 * SAME 26; second info 29, eventCode 37, EAS-ORG 42, area 43, SAME 46. */
#define IPAWS_INFO(language, X)                                                                \
	INFO(language, "Tornado", PAIR("eventCode", "SAME", "TOR"), X,                         \
	     PAIR("parameter", "EAS-ORG",                                                      \
		  "WXR") "<area>\n<areaDesc>Parish " X                                         \
			 "</areaDesc>\n<polygon>30,-90 31,-90 31,-91 30,-90</polygon>\n" PAIR( \
				 "geocode", "SAME", "022001") "</area>\n</info>\n")
#define IPAWS                               \
	HEAD("w@noaa.example", "IPAWSv1.0") \
	IPAWS_INFO("en-US", "one") IPAWS_INFO("es", "two") "</alert>\n"

/* Lines: info 9, eventCode 17, area 22, geocode 25; second info 28, eventCode 36, area 41. */
#define CP_INFO(language, event, X)                                                        \
	INFO(language, event, PAIR("eventCode", "profile:CAP-CP:Event:0.4", "tornado"), X, \
	     "<area>\n<areaDesc>Town " X "</areaDesc>\n" CIRCLE PAIR(                      \
		     "geocode", "profile:CAP-CP:Location:0.3", "4706027") "</area>\n</info>\n")
#define CP                                             \
	HEAD("c@canada.example", "profile:CAP-CP:0.4") \
	CP_INFO("en-CA", "tornado", "one") CP_INFO("fr-CA", "tornade", "two") "</alert>\n"

/* The same lines. */
#define AU_NAME "urn:oasis:names:tc:emergency:cap:1.2:profile:CAP-AU:1.0"
#define AU_INFO(language, event, X)                                                              \
	INFO(language, event, PAIR("eventCode", AU_NAME ":AUeventLIST:1.0", "bushFire"), X,      \
	     "<area>\n<areaDesc>Shire " X                                                        \
	     "</areaDesc>\n" CIRCLE PAIR("geocode", "http://www.iso.org/iso/country_codes.html", \
					 "AU-NSW") "</area>\n</info>\n")
#define AU                                     \
	HEAD("fire-desk@rfs.example", AU_NAME) \
	AU_INFO("en-AU", "Bushfire", "one") AU_INFO("en-GB", "Fire", "two") "</alert>\n"

#define TEN     "1234567890"
#define N90     TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define N360    N90 N90 N90 N90
#define FIVE(x) x x x x x

#define SAME7   PAIR("geocode", "SAME", "022001")
#define SAME31  FIVE(SAME7) FIVE(SAME7) FIVE(SAME7) FIVE(SAME7) FIVE(SAME7) FIVE(SAME7) SAME7

/* Points on a line of longitude; the text must go on to close the ring. */
#define P(n)       "30.00" #n ",-90 "
#define TENS(n)    P(n##0) P(n##1) P(n##2) P(n##3) P(n##4) P(n##5) P(n##6) P(n##7) P(n##8) P(n##9)
#define CORNERS_50 TENS(1) TENS(2) TENS(3) TENS(4) TENS(5)
#define CORNERS_40 TENS(6) TENS(7) TENS(8) TENS(9)
#define CORNERS_9  P(201) P(202) P(203) P(204) P(205) P(206) P(207) P(208) P(209)
#define CORNERS_99 CORNERS_50 CORNERS_40 CORNERS_9

static const struct {
	enum cap_profile profile;
	const char *from, *to; /* the first `from` of the message that keeps the profile */
	const char *want;      /* "line rule path" of each, '\n' between; "!" before warnings */
} cases[] = {
	/* the messages as they are; each keeps no other profile but by chance */
	{CAP_PROFILE_IPAWS, "Actual", "Actual", ""},
	{CAP_PROFILE_CP, "Actual", "Actual", ""},
	{CAP_PROFILE_AU, "Actual", "Actual", ""},

	/* the message */
	{CAP_PROFILE_IPAWS, "<code>IPAWSv1.0</code>", "", "1 profile-code /alert"},
	{CAP_PROFILE_IPAWS, "IPAWSv1.0", "IPAWSv2.0", "1 profile-code /alert"},
	{CAP_PROFILE_IPAWS, "IPAWSv1.0", "ipawsv1.0", "1 profile-code /alert"},
	{CAP_PROFILE_IPAWS, "<code>IPAWSv1.0", "<code>own</code><code>IPAWSv1.0", ""},
	{CAP_PROFILE_CP, "profile:CAP-CP:0.4", "profile:CAP-CP:", "1 profile-code /alert"},
	{CAP_PROFILE_CP, "profile:CAP-CP:0.4", "profile:CAP-CP:0.3", ""},
	{CAP_PROFILE_CP, "profile:CAP-CP:0.4", "profile:CAP-CP:1.0", ""},
	{CAP_PROFILE_AU, "CAP-AU:1.0</code>", "CAP-AU:1.1</code>", "1 profile-code /alert"},
	{CAP_PROFILE_AU, "fire-desk@rfs.example", "RFS", "!3 au-sender /alert/sender"},
	{CAP_PROFILE_AU, "fire-desk@rfs.example", "@rfs.example", "!3 au-sender /alert/sender"},
	{CAP_PROFILE_AU, "fire-desk@rfs.example", "a@b@c", "!3 au-sender /alert/sender"},
	{CAP_PROFILE_AU, "fire-desk@rfs.example", "cap+fire@rfs.example", ""},
	{CAP_PROFILE_AU, "Actual", "Test", "!5 au-test /alert/status"},
	{CAP_PROFILE_AU, "Actual", "Exercise", ""},
	{CAP_PROFILE_IPAWS, "02:10:00-05:00", "07:10:00-00:00", "!4 ipaws-offset /alert/sent"},
	{CAP_PROFILE_CP, "02:10:00-05:00", "07:10:00-00:00", ""},

	/* one event, one set of categories */
	{CAP_PROFILE_IPAWS, ">TOR<", ">SVR<",
	 "37 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	{CAP_PROFILE_IPAWS, "</eventCode>",
	 "</eventCode>" PAIR("eventCode", "NationalWeatherService", "TOW"),
	 "38 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	/* the same pair twice is one pair */
	{CAP_PROFILE_CP, "</eventCode>",
	 "</eventCode>" PAIR("eventCode", "profile:CAP-CP:Event:0.4", "tornado"), ""},
	{CAP_PROFILE_CP, ">tornado</value>", ">storm</value>",
	 "36 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	{CAP_PROFILE_AU, ">bushFire<", ">fire<",
	 "12 au-event-mismatch /alert/info[1]/event\n"
	 "36 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	{CAP_PROFILE_IPAWS, "<category>Met</category>",
	 "<category>Met</category><category>Safety</category>",
	 "31 profile-categories-differ /alert/info[2]/category[1]"},
	{CAP_PROFILE_IPAWS, "<category>Met</category>",
	 "<category>Met</category><category>Met</category>", ""},
	{CAP_PROFILE_AU, "<category>Met<", "<category>Fire<",
	 "30 profile-categories-differ /alert/info[2]/category[1]"},
	{CAP_PROFILE_CP, "<category>Met<", "<category>Env<", ""},

	/* what an info needs */
	{CAP_PROFILE_IPAWS, "<expires>2026-09-22T04:10:00-05:00</expires>", "",
	 "9 ipaws-expires /alert/info[1]"},
	{CAP_PROFILE_IPAWS, "04:10:00-05:00", "09:10:00-00:00",
	 "!18 ipaws-offset /alert/info[1]/expires"},
	{CAP_PROFILE_CP, "<expires>2026-09-22T04:10:00-05:00</expires>", "",
	 "!9 profile-expires /alert/info[1]"},
	{CAP_PROFILE_AU, "<expires>2026-09-22T04:10:00-05:00</expires>", "",
	 "!9 profile-expires /alert/info[1]"},
	{CAP_PROFILE_IPAWS, "<expires>",
	 "<effective>2026-09-22T02:10:00-05:00</effective><expires>",
	 "!18 ipaws-time-ignored /alert/info[1]/effective"},
	{CAP_PROFILE_IPAWS, "<expires>", "<onset>2026-09-22T02:10:00-05:00</onset><expires>",
	 "!18 ipaws-time-ignored /alert/info[1]/onset"},
	{CAP_PROFILE_AU, "<expires>", "<effective>2026-09-22T02:10:00-05:00</effective><expires>",
	 ""},
	{CAP_PROFILE_IPAWS, "<senderName>Office one</senderName>", "", ""},
	{CAP_PROFILE_CP, "<senderName>Office one</senderName>", "",
	 "!9 profile-sender-name /alert/info[1]"},
	{CAP_PROFILE_AU, "<senderName>Office one</senderName>", "<senderName> </senderName>",
	 "!9 profile-sender-name /alert/info[1]"},
	{CAP_PROFILE_IPAWS, "<responseType>Shelter</responseType>", "", ""},
	{CAP_PROFILE_CP, "<responseType>Shelter</responseType>", "",
	 "!9 profile-response-type /alert/info[1]"},
	{CAP_PROFILE_AU, "<responseType>Shelter</responseType>", "",
	 "!9 profile-response-type /alert/info[1]"},
	{CAP_PROFILE_IPAWS, "<description>It comes one.</description>", "",
	 "!9 ipaws-description /alert/info[1]"},
	{CAP_PROFILE_CP, "<description>It comes one.</description>", "", ""},
	{CAP_PROFILE_IPAWS, "<instruction>Go inside one.</instruction>", "",
	 "!9 profile-instruction /alert/info[1]"},
	{CAP_PROFILE_CP, "<instruction>Go inside one.</instruction>", "",
	 "!9 profile-instruction /alert/info[1]"},
	{CAP_PROFILE_AU, "<instruction>Go inside two.</instruction>", "",
	 "!28 profile-instruction /alert/info[2]"},

	/* SAME event codes: exactly one, of three letters */
	{CAP_PROFILE_IPAWS, ">SAME</valueName><value>TOR", ">UGC</valueName><value>TOR",
	 "9 ipaws-event-code /alert/info[1]\n37 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	{CAP_PROFILE_IPAWS, "</eventCode>", "</eventCode>" PAIR("eventCode", "SAME", "TOR"),
	 "17 ipaws-event-code /alert/info[1]/eventCode[2]"},
	{CAP_PROFILE_IPAWS, ">TOR<", ">TORN<",
	 "17 ipaws-event-code /alert/info[1]/eventCode[1]\n"
	 "37 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	{CAP_PROFILE_IPAWS, ">TOR<", ">ZZZ<",
	 "!17 ipaws-event-code-unlisted /alert/info[1]/eventCode[1]\n"
	 "37 profile-event-codes-differ /alert/info[2]/eventCode[1]"},

	/* parameters of IPAWS */
	{CAP_PROFILE_IPAWS, ">WXR<", ">NWS<", "22 ipaws-eas-org /alert/info[1]/parameter[1]"},
	{CAP_PROFILE_IPAWS, ">WXR<", ">CIV<", ""},
	{CAP_PROFILE_IPAWS, PAIR("parameter", "EAS-ORG", "WXR"), "\n",
	 "!9 ipaws-eas-org-missing /alert/info[1]"},
	{CAP_PROFILE_IPAWS, PAIR("parameter", "EAS-ORG", "WXR"),
	 PAIR("parameter", "BLOCKCHANNEL", "EAS"), "!9 ipaws-eas-org-missing /alert/info[1]"},
	{CAP_PROFILE_IPAWS, PAIR("parameter", "EAS-ORG", "WXR"),
	 PAIR("parameter", "BLOCKCHANNEL", "EAS") PAIR("parameter", "BLOCKCHANNEL", "NWEM"), ""},
	{CAP_PROFILE_IPAWS, ">EAS-ORG</valueName><value>WXR<",
	 ">BLOCKCHANNEL</valueName><value>RADIO<",
	 "!9 ipaws-eas-org-missing /alert/info[1]\n"
	 "!22 ipaws-blockchannel /alert/info[1]/parameter[1]"},
	{CAP_PROFILE_IPAWS, "<area>", PAIR("parameter", "CMAMtext", N90) "<area>", ""},
	{CAP_PROFILE_IPAWS, "<area>", PAIR("parameter", "CMAMtext", N90 "!") "<area>",
	 "23 ipaws-wea-text-too-long /alert/info[1]/parameter[2]"},
	/* characters are counted, not bytes */
	{CAP_PROFILE_IPAWS, "<area>",
	 PAIR("parameter", "CMAMtext",
	      FIVE(TEN) TEN TEN TEN "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
				    "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9") "<area>",
	 ""},
	{CAP_PROFILE_IPAWS, "<area>", PAIR("parameter", "CMAMlongtext", N360) "<area>", ""},
	{CAP_PROFILE_IPAWS, "<area>", PAIR("parameter", "CMAMlongtext", N360 "!") "<area>",
	 "23 ipaws-wea-text-too-long /alert/info[1]/parameter[2]"},

	/* areas of IPAWS */
	{CAP_PROFILE_IPAWS, ">022001<", ">22001<",
	 "26 ipaws-geocode-form /alert/info[1]/area[1]/geocode[1]"},
	{CAP_PROFILE_IPAWS, ">022001<", ">LAZ043<",
	 "26 ipaws-geocode-form /alert/info[1]/area[1]/geocode[1]"},
	{CAP_PROFILE_IPAWS, ">SAME</valueName><value>022001", ">FIPS6</valueName><value>022001",
	 "!23 ipaws-geocode /alert/info[1]/area[1]"},
	{CAP_PROFILE_IPAWS, SAME7, SAME31, ""},
	{CAP_PROFILE_IPAWS, SAME7, SAME7 SAME31, "!9 ipaws-too-many-geocodes /alert/info[1]"},
	{CAP_PROFILE_IPAWS, "30,-90 31,-90 31,-91 30,-90", "30,-90 " CORNERS_99 "30,-90",
	 "!25 ipaws-wea-polygon /alert/info[1]/area[1]/polygon[1]"},

	/* CAP-CP */
	{CAP_PROFILE_CP, "profile:CAP-CP:Event:0.4", "profile:CAP-CP:Event:1.0",
	 "36 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	{CAP_PROFILE_CP, "profile:CAP-CP:Event:0.4", "SAME",
	 "9 cap-cp-event-code /alert/info[1]\n36 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	{CAP_PROFILE_CP, ">tornado</value>", ">Tornado</value>",
	 "!17 cap-cp-event-code-unlisted /alert/info[1]/eventCode[1]\n"
	 "36 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	{CAP_PROFILE_CP, "</eventCode>",
	 "</eventCode>" PAIR("eventCode", "profile:CAP-CP:Event:0.4", "storm"),
	 "17 cap-cp-second-event /alert/info[1]/eventCode[2]\n"
	 "37 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	{CAP_PROFILE_CP, "<language>en-CA</language>", "", "9 cap-cp-language /alert/info[1]"},
	{CAP_PROFILE_CP, "en-CA", "en-US", ""},
	{CAP_PROFILE_CP, "en-CA", "es", "!1 cap-cp-english-and-french /alert"},
	{CAP_PROFILE_CP, "fr-CA", "fr", "!1 cap-cp-english-and-french /alert"},
	{CAP_PROFILE_CP, "profile:CAP-CP:Location:0.3", "SGC",
	 "22 cap-cp-geocode /alert/info[1]/area[1]"},
	{CAP_PROFILE_CP, "profile:CAP-CP:Location:0.3", "profile:CAP-CP:Location:1.0", ""},
	{CAP_PROFILE_CP, ">4706027<", ">47<", ""},
	{CAP_PROFILE_CP, ">4706027<", ">00<", ""},
	{CAP_PROFILE_CP, ">4706027<", ">none<", ""},
	{CAP_PROFILE_CP, ">4706027<", ">47060270<",
	 "25 cap-cp-geocode-form /alert/info[1]/area[1]/geocode[1]"},
	{CAP_PROFILE_CP, ">4706027<", ">Saskatoon<",
	 "25 cap-cp-geocode-form /alert/info[1]/area[1]/geocode[1]"},
	{CAP_PROFILE_CP, CIRCLE, "", "!22 profile-shape /alert/info[1]/area[1]"},

	/* CAP-AU */
	{CAP_PROFILE_AU, AU_NAME ":AUeventLIST:1.0",
	 "https://govshare.gov.au/xmlui/handle/10772/6495",
	 "36 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	{CAP_PROFILE_AU, AU_NAME ":AUeventLIST:1.0", "own",
	 "9 au-event-code /alert/info[1]\n36 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	{CAP_PROFILE_AU, "</eventCode>",
	 "</eventCode>" PAIR("eventCode", AU_NAME ":AUeventLIST:1.0", "fire"),
	 "17 au-event-code /alert/info[1]/eventCode[2]\n"
	 "37 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	{CAP_PROFILE_AU, ">bushFire<", ">bushfire<",
	 "17 au-event-code-unlisted /alert/info[1]/eventCode[1]\n"
	 "36 profile-event-codes-differ /alert/info[2]/eventCode[1]"},
	/* the event of tier I will do as well */
	{CAP_PROFILE_AU, ">Bushfire<", ">Fire<", ""},
	{CAP_PROFILE_AU, ">Bushfire<", ">Bush fire<", "12 au-event-mismatch /alert/info[1]/event"},
	{CAP_PROFILE_AU, "en-AU</language>\n<category>Met</category>\n<event>Bushfire",
	 "it</language>\n<category>Met</category>\n<event>Incendio boschivo", ""},
	{CAP_PROFILE_AU, "en-GB", "en-au", "31 au-events-differ /alert/info[2]/event"},
	{CAP_PROFILE_AU, "country_codes.html", "other.html",
	 "!22 au-geocode /alert/info[1]/area[1]"},
	{CAP_PROFILE_AU, "http://www.iso.org/iso/country_codes.html", AU_NAME ":ISO3166-2", ""},
	{CAP_PROFILE_AU, CIRCLE, "", "!22 profile-shape /alert/info[1]/area[1]"},
	{CAP_PROFILE_AU, CIRCLE, "<polygon>30,-90 31,-90 31,-91 30,-90</polygon>", ""},
	{CAP_PROFILE_AU, "Alert</msgType>\n<scope>Public</scope>\n<code>" AU_NAME "</code>\n",
	 "Cancel</msgType>\n<scope>Public</scope>\n<code>" AU_NAME "</code><references>"
	 "fire-desk@rfs.example,A0,2026-09-21T02:10:00-05:00</references>\n",
	 ""},
};

static const char *
kept(enum cap_profile p)
{
	switch (p) {
	case CAP_PROFILE_IPAWS:
		return IPAWS;
	case CAP_PROFILE_CP:
		return CP;
	default:
		return AU;
	}
}

/* The text with the first `from` replaced; from must be there. */
static struct sv
changed(struct arena *a, struct sv text, const char *from, const char *to)
{
	size_t at = sv_find(text, sv_of(from));

	if (at == text.n)
		fail_msg("the message has no \"%s\"", from);
	return arena_fmt(a, "%.*s%s%.*s", SV_ARG(sv_head(text, at)), to,
			 SV_ARG(sv_from(text, at + strlen(from))));
}

/* The findings of level profile, as in `want`. The standard itself must be kept. */
static struct sv
judged(struct arena *a, enum cap_profile p, struct sv text)
{
	const struct cap_alert *alert;
	const struct cap_findings *found, *all;
	const struct cap_finding *f;
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT(8192);
	struct sv got;
	size_t i, errors = 0;

	if (cap_read(&alert, &found, a, text, &e) != RC_OK)
		fail_msg("%s", e.text);
	all = cap_profile_judge(p, alert, found, a);
	for (i = 0; i < all->n; i++) {
		f = &all->v[i];
		errors += !f->warning;
		if (i > 0)
			assert_true(all->v[i - 1].line <= f->line);
		if (f->level != CAP_LEVEL_PROFILE) {
			if (!f->warning)
				fail_msg("%s at line %d", f->rule, f->line);
			continue;
		}
		assert_true(f->message.n > 0);
		assert_true(f->mend[0] != '\0');
		buf_addf(&b, "%s%s%d %s %.*s", buf_sv(&b).n > 0 ? "\n" : "", f->warning ? "!" : "",
			 f->line, f->rule, SV_ARG(f->path));
	}
	assert_int_equal(all->errors, errors);
	got = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return got;
}

static void
each_change_gives_its_findings(void **state)
{
	struct arena *a = arena_new();
	struct sv got;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		arena_reset(a);
		got = judged(a, cases[i].profile,
			     changed(a, sv_of(kept(cases[i].profile)), cases[i].from, cases[i].to));
		if (!sv_eq(got, sv_of(cases[i].want)))
			fail_msg("%s: \"%s\" -> \"%.100s\": got \"%.*s\", want \"%s\"",
				 cap_profile_name(cases[i].profile), cases[i].from, cases[i].to,
				 SV_ARG(got), cases[i].want);
	}
	arena_free(&a);
}

/* Changes at two places. */
static void
two_changes(void **state)
{
	struct arena *a = arena_new();
	struct sv text;

	(void)state;
	/* a Cancel has no effective time in Australia */
	text = changed(a, SV(AU), "<msgType>Alert", "<msgType>Cancel");
	text = changed(a, text, "<info>",
		       "<references>fire-desk@rfs.example,A0,2026-09-21T02:10:00-05:00"
		       "</references><info>");
	text = changed(a, text, "<expires>",
		       "<effective>2026-09-22T02:10:00-05:00</effective><expires>");
	assert_true(sv_eq(judged(a, CAP_PROFILE_AU, text),
			  SV("18 au-cancel-effective /alert/info[1]/effective")));
	/* what does not go to mobile phones or to EAS is not held to their limits */
	text = changed(a, SV(IPAWS), "30,-90 31,-90 31,-91 30,-90", "30,-90 " CORNERS_99 "30,-90");
	text = changed(a, text, "<area>", PAIR("parameter", "BLOCKCHANNEL", "cmas") "<area>");
	assert_true(sv_eq(judged(a, CAP_PROFILE_IPAWS, text), SV("")));
	text = changed(a, SV(IPAWS), SAME7, SAME7 SAME31);
	text = changed(a, text, "<area>", PAIR("parameter", "BLOCKCHANNEL", "EAS") "<area>");
	assert_true(sv_eq(judged(a, CAP_PROFILE_IPAWS, text), SV("")));
	/* exactly 100 points are well */
	text = changed(a, SV(IPAWS), "30,-90 31,-90 31,-91 30,-90", CORNERS_99 "30.0010,-90");
	assert_true(sv_eq(judged(a, CAP_PROFILE_IPAWS, text), SV("")));
	arena_free(&a);
}

/* Without <area>, and without <info>. */
static void
parts_that_are_missing(void **state)
{
	static const struct {
		enum cap_profile profile;
		const char *area;
	} all[] = {
		{CAP_PROFILE_IPAWS, "9 profile-area /alert/info[1]"},
		{CAP_PROFILE_CP, "9 profile-area /alert/info[1]"},
		{CAP_PROFILE_AU, "9 profile-area /alert/info[1]"},
	};
	struct arena *a = arena_new();
	struct sv text, head, rest;
	size_t i, from, to;

	(void)state;
	for (i = 0; i < ARRAY_LEN(all); i++) {
		text = sv_of(kept(all[i].profile));
		from = sv_find(text, SV("<area>"));
		to = sv_find(text, SV("</area>")) + strlen("</area>");
		assert_true(sv_eq(judged(a, all[i].profile,
					 arena_fmt(a, "%.*s%.*s", SV_ARG(sv_head(text, from)),
						   SV_ARG(sv_from(text, to)))),
				  sv_of(all[i].area)));
		head = sv_head(text, sv_find(text, SV("<info>")));
		rest = arena_fmt(a, "%.*s</alert>\n", SV_ARG(head));
		assert_true(sv_eq(judged(a, all[i].profile, rest), SV("1 profile-info /alert")));
		/* an Ack is not for the public */
		rest = changed(a, rest, "<msgType>Alert", "<msgType>Ack");
		rest = changed(a, rest, "</alert>",
			       "<references>x@y.example,A0,2026-09-21T02:10:00-05:00"
			       "</references></alert>");
		assert_true(sv_eq(judged(a, all[i].profile, rest), SV("")));
	}
	arena_free(&a);
}

/* As many codes as a message may have, in two orders: lists are compared as sets, and no item
 * is looked for one by one. */
static void
many_codes_in_another_order(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(MIB * 4);
	struct sv got;
	int i, k, n = 9000;

	(void)state;
	buf_adds(&b, HEAD("c@canada.example", "profile:CAP-CP:0.4"));
	for (i = 0; i < 2; i++) {
		buf_addf(&b,
			 "<info><language>%s</language><category>Met</category>"
			 "<event>e</event><urgency>Past</urgency><severity>Minor</severity>"
			 "<certainty>Likely</certainty>",
			 i == 0 ? "en-CA" : "fr-CA");
		for (k = 0; k < n; k++)
			buf_addf(&b,
				 "<eventCode><valueName>n</valueName><value>%05d</value>"
				 "</eventCode>",
				 i == 0 ? k : n - k);
		buf_adds(&b, "</info>");
	}
	buf_adds(&b, "</alert>");
	got = judged(a, CAP_PROFILE_CP, buf_sv(&b));
	/* 0 is in the first alone, n in the second */
	assert_true(sv_find(got, SV("profile-event-codes-differ")) < got.n);
	assert_true(sv_find(got, SV("cap-cp-event-code ")) < got.n);
	buf_fini(&b);
	arena_free(&a);
}

static const char *const elsewhere[] = {"profile-area", "profile-info", "au-cancel-effective"};

static void
each_rule_has_a_case(void **state)
{
	const struct cap_rule_row *row;
	size_t i, k;
	int r;

	(void)state;
	for (r = 0; r < CAP_RULES; r++) {
		row = cap_rule_row((enum cap_rule)r);
		if (row->level != CAP_LEVEL_PROFILE)
			continue;
		for (i = 0; i < ARRAY_LEN(cases); i++) {
			if (strstr(cases[i].want, row->name) != NULL)
				break;
		}
		for (k = 0; k < ARRAY_LEN(elsewhere); k++) {
			if (strcmp(elsewhere[k], row->name) == 0)
				break;
		}
		if (i == ARRAY_LEN(cases) && k == ARRAY_LEN(elsewhere))
			fail_msg("no case for the rule %s", row->name);
	}
}

static void
profiles_have_names(void **state)
{
	static const enum cap_profile all[] = {CAP_PROFILE_NONE, CAP_PROFILE_IPAWS, CAP_PROFILE_CP,
					       CAP_PROFILE_AU};
	enum cap_profile p = CAP_PROFILE_AU;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(all); i++) {
		assert_non_null(strstr(cap_profile_names, cap_profile_name(all[i])));
		assert_true(cap_profile_find(sv_of(cap_profile_name(all[i])), &p));
		assert_int_equal(p, all[i]);
	}
	assert_false(cap_profile_find(SV("IPAWS"), &p));
	assert_false(cap_profile_find(SV(""), &p));
}

static void
no_profile_gives_what_was_found(void **state)
{
	struct arena *a = arena_new();
	const struct cap_alert *alert;
	const struct cap_findings *found;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(cap_read(&alert, &found, a, SV(AU), &e), RC_OK);
	assert_ptr_equal(cap_profile_judge(CAP_PROFILE_NONE, alert, found, a), found);
	assert_ptr_equal(cap_profile_judge(CAP_PROFILE_AU, alert, found, a), found);
	assert_true(cap_profile_claimed(CAP_PROFILE_AU, alert));
	assert_false(cap_profile_claimed(CAP_PROFILE_CP, alert));
	assert_false(cap_profile_claimed(CAP_PROFILE_NONE, alert));
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_gives_its_findings),
		cmocka_unit_test(two_changes),
		cmocka_unit_test(parts_that_are_missing),
		cmocka_unit_test(many_codes_in_another_order),
		cmocka_unit_test(each_rule_has_a_case),
		cmocka_unit_test(profiles_have_names),
		cmocka_unit_test(no_profile_gives_what_was_found),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
