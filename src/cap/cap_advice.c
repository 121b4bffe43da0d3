/*
 * cap_advice.c — slips and omissions that the standard allows (CAP 1.2, 3.2 and
 * 3.3.3) and that trouble readers all the same. Pure.
 *
 * What an Ack, an Error or a Cancel leaves out is not missed: they carry little
 * of their own.
 */
#include "cap/cap_advice.h"

#include "cap/cap_compare.h"
#include "cap/cap_values.h"

#define ATTACHED_MAX (512 * 1024) /* bytes; what one-way links carry in a reasonable time */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_word(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

/* "<b>", "</p>", "<a href=…>", "<!-- …>"; but not "<50 km" nor "<desk@example.org>". */
static bool
has_tag(struct sv v)
{
	const char *end = v.p + v.n, *p = v.p, *q;

	while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		if (memchr(p, '>', (size_t)(end - p)) == NULL)
			return false;
		q = ++p;
		if (*q == '!' && q[1] == '-')
			return true;
		if (*q == '/')
			q++;
		if (!is_letter(*q))
			continue;
		while (is_word(*q))
			q++;
		if (*q == '>' || *q == '/' || *q == ' ' || *q == '\n' || *q == '\t')
			return true;
	}
	return false;
}

/* "&nbsp;", "&#160;", "&#xA0;" as text: written twice over, or in CDATA. */
static bool
has_entity(struct sv v)
{
	const char *end = v.p + v.n, *p = v.p, *q;

	while ((p = memchr(p, '&', (size_t)(end - p))) != NULL) {
		q = ++p;
		if (*q == '#')
			q++;
		while (is_word(*q))
			q++;
		if (*q == ';' && q > p + 1)
			return true;
	}
	return false;
}

/* Control characters U+0080 to U+009F, mostly Windows-1252 under another name, and
 * U+FFFD, which stands where a character was lost. */
static bool
is_damaged(struct sv v)
{
	const char *end = v.p + v.n, *p;

	for (p = v.p; (p = memchr(p, 0xC2, (size_t)(end - p))) != NULL; p++) {
		if ((unsigned char)p[1] < 0xA0)
			return true;
	}
	for (p = v.p; (p = memchr(p, 0xEF, (size_t)(end - p))) != NULL; p++) {
		if ((unsigned char)p[1] == 0xBF && (unsigned char)p[2] == 0xBD)
			return true;
	}
	return false;
}

/* Texts end with a NUL, and are well-formed UTF-8: looking one byte on is safe. */
void
cap_advice_text(struct cap_sink *s, const struct cap_frame *f, size_t place, size_t index,
		struct sv v)
{
	struct cap_spot at;

	if (!has_tag(v) && !has_entity(v) && !is_damaged(v))
		return;
	at = cap_spot_child(f, place);
	at.index = cap_element_many(&f->children[place]) ? index : 0;
	if (has_tag(v))
		cap_tell(s, CAP_RULE_HTML_TAGS, at, "markup in \"%.*s\" (expected plain text)",
			 SV_ARG(cap_quote(s, v)));
	if (has_entity(v))
		cap_tell(s, CAP_RULE_HTML_ENTITIES, at,
			 "an HTML entity as text in \"%.*s\" (expected the character itself)",
			 SV_ARG(cap_quote(s, v)));
	if (is_damaged(v))
		cap_tell(s, CAP_RULE_DAMAGED_TEXT, at,
			 "control or replacement characters in \"%.*s\" (expected readable text)",
			 SV_ARG(cap_quote(s, v)));
}

/* The registered top-level types (RFC 6838, 4.2), and how some types are often miscalled. */
static const char *
mime_wish(struct sv type)
{
	static const char *const tops[] = {"application", "audio", "font",      "haptics", "image",
					   "message",     "model", "multipart", "text",    "video"};
	static const struct {
		struct sv wrong;
		const char *right;
	} miscalled[] = {
		{SV_INIT("image/jpg"), "image/jpeg"},
		{SV_INIT("audio/mp3"), "audio/mpeg"},
		{SV_INIT("text/htm"), "text/html"},
	};
	struct sv top = sv_head(type, sv_find_char(type, '/'));
	size_t i;

	for (i = 0; i < ARRAY_LEN(miscalled); i++) {
		if (sv_eq_nocase(type, miscalled[i].wrong))
			return miscalled[i].right;
	}
	for (i = 0; i < ARRAY_LEN(tops); i++) {
		if (sv_eq_nocase(top, sv_of(tops[i])))
			return NULL;
	}
	return "a registered type such as image/png";
}

/* Tolerance of a tenth: the standard calls <size> approximate (3.2.3). */
static bool
size_is_off(struct sv size, size_t bytes)
{
	double said;

	return cap_parse_decimal(size, &said) && said >= 0 &&
	       (said < 0.9 * (double)bytes || said > 1.1 * (double)bytes);
}

void
cap_advice_resource(struct cap_sink *s, const struct cap_frame *f, size_t bytes)
{
	const struct cap_resource *r = f->object;
	const char *wish;

	if (cap_is_mime_type(r->mime_type) && (wish = mime_wish(r->mime_type)) != NULL)
		cap_tell(s, CAP_RULE_UNUSUAL_MIME_TYPE, cap_spot_child(f, CAP_RESOURCE_MIME_TYPE),
			 "\"%.*s\" (expected %s)", SV_ARG(cap_quote(s, r->mime_type)), wish);
	if (r->uri.n == 0 && r->deref_uri.n == 0)
		cap_tell(s, CAP_RULE_RESOURCE_ALONE, cap_spot_frame(f),
			 "neither <uri> nor <derefUri> (expected where the file is)");
	if (bytes > 0 && size_is_off(r->size, bytes))
		cap_tell(s, CAP_RULE_SIZE_MISMATCH, cap_spot_child(f, CAP_RESOURCE_SIZE),
			 "\"%.*s\" beside %zu bytes in <derefUri> (expected about that number)",
			 SV_ARG(cap_quote(s, r->size)), bytes);
	if (bytes > ATTACHED_MAX)
		cap_tell(s, CAP_RULE_LARGE_DEREF_URI, cap_spot_child(f, CAP_RESOURCE_DEREF_URI),
			 "%zu bytes inside the message (expected at most %d)", bytes, ATTACHED_MAX);
}

/* 3.2.2, 3.2.4: names that are acronyms are in capitals and without periods. */
static const char *
acronym_of(struct sv name)
{
	static const char *const known[] = {"SAME", "FIPS", "FIPS6", "UGC", "ZIP", "VTEC", "CLC"};
	char bare[8];
	size_t i, n = 0;

	for (i = 0; i < name.n; i++) {
		if (name.p[i] == '.')
			continue;
		if (n + 1 == sizeof(bare))
			return NULL;
		bare[n++] = name.p[i];
	}
	for (i = 0; i < ARRAY_LEN(known); i++) {
		if (sv_eq_nocase((struct sv){bare, n}, sv_of(known[i])))
			return sv_eq(name, sv_of(known[i])) ? NULL : known[i];
	}
	return NULL;
}

static void
judge_acronyms(struct cap_sink *s, const struct cap_frame *f, size_t place, struct cap_pairs pairs)
{
	const char *want;
	size_t i;

	for (i = 0; i < pairs.n; i++) {
		want = acronym_of(pairs.v[i].name);
		if (want != NULL)
			cap_tell(s, CAP_RULE_ACRONYM,
				 (struct cap_spot){f, f->children[place].name, i + 1,
						   pairs.v[i].line},
				 "valueName \"%.*s\" (expected \"%s\")",
				 SV_ARG(cap_quote(s, pairs.v[i].name)), want);
	}
}

void
cap_advice_area(struct cap_sink *s, const struct cap_frame *f)
{
	const struct cap_area *a = f->object;
	double feet;

	if (a->n_polygons == 0 && a->n_circles == 0 && a->geocodes.n == 0)
		cap_tell(s, CAP_RULE_AREA_WITHOUT_SHAPE, cap_spot_frame(f),
			 "neither polygon, circle nor geocode (expected one, for machines)");
	judge_acronyms(s, f, CAP_AREA_GEOCODE, a->geocodes);
	if (cap_parse_decimal(a->altitude, &feet) && feet < 0)
		cap_tell(s, CAP_RULE_NEGATIVE_ALTITUDE, cap_spot_child(f, CAP_AREA_ALTITUDE),
			 "\"%.*s\" (expected feet above mean sea level)",
			 SV_ARG(cap_quote(s, a->altitude)));
	else if (cap_parse_decimal(a->ceiling, &feet) && feet < 0)
		cap_tell(s, CAP_RULE_NEGATIVE_ALTITUDE, cap_spot_child(f, CAP_AREA_CEILING),
			 "\"%.*s\" (expected feet above mean sea level)",
			 SV_ARG(cap_quote(s, a->ceiling)));
}

/* What an alert that tells people something should say; in the order of the schema. */
static void
judge_missing(struct cap_sink *s, const struct cap_frame *f, const struct cap_info *info)
{
	static const struct {
		enum cap_info_child place;
		enum cap_rule rule;
		const char *message;
	} wanted[] = {
		{CAP_INFO_RESPONSE, CAP_RULE_MISSING_RESPONSE,
		 "no <responseType> (expected what kind of action is advised)"},
		{CAP_INFO_EXPIRES, CAP_RULE_MISSING_EXPIRES,
		 "no <expires> (expected when the information ends)"},
		{CAP_INFO_SENDER_NAME, CAP_RULE_MISSING_SENDER_NAME,
		 "no <senderName> (expected who issues it, for people)"},
		{CAP_INFO_HEADLINE, CAP_RULE_MISSING_HEADLINE,
		 "no <headline> (expected all that a short message can show)"},
		{CAP_INFO_DESCRIPTION, CAP_RULE_MISSING_DESCRIPTION,
		 "no <description> (expected what happens, for people)"},
		{CAP_INFO_INSTRUCTION, CAP_RULE_MISSING_INSTRUCTION,
		 "no <instruction> (expected what people should do)"},
		{CAP_INFO_WEB, CAP_RULE_MISSING_WEB, "no <web> (expected where to read more)"},
		{CAP_INFO_CONTACT, CAP_RULE_MISSING_CONTACT, "no <contact> (expected whom to ask)"},
		{CAP_INFO_AREA, CAP_RULE_MISSING_AREA, "no <area> (expected where it holds)"},
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(wanted); i++) {
		if (f->count[wanted[i].place] > 0)
			continue;
		/* Where nothing is to be done there is nothing to instruct. */
		if (wanted[i].place == CAP_INFO_INSTRUCTION && info->responses.n == 1 &&
		    (sv_eq(info->responses.v[0], SV("None")) ||
		     sv_eq(info->responses.v[0], SV("AllClear"))))
			continue;
		cap_tell_fixed(s, wanted[i].rule, cap_spot_frame(f), wanted[i].message);
	}
}

static void
judge_unknowns(struct cap_sink *s, const struct cap_frame *f, const struct cap_info *info)
{
	if (info->urgency == CAP_URGENCY_UNKNOWN)
		cap_tell(s, CAP_RULE_UNKNOWN_URGENCY, cap_spot_child(f, CAP_INFO_URGENCY),
			 "urgency Unknown (expected how soon people must act)");
	if (info->severity == CAP_SEVERITY_UNKNOWN)
		cap_tell(s, CAP_RULE_UNKNOWN_SEVERITY, cap_spot_child(f, CAP_INFO_SEVERITY),
			 "severity Unknown (expected how bad it is)");
	if (info->certainty == CAP_CERTAINTY_UNKNOWN)
		cap_tell(s, CAP_RULE_UNKNOWN_CERTAINTY, cap_spot_child(f, CAP_INFO_CERTAINTY),
			 "certainty Unknown (expected how sure it is)");
}

/* RFC 5646, 2.2.1: a language is two or three letters; longer ones are not in use. Two-letter
 * codes of countries that are no code of a language are the usual slip. */
static void
judge_language(struct cap_sink *s, const struct cap_frame *f, struct sv tag)
{
	static const char *const slips[][2] = {{"cn", "zh"}, {"cz", "cs"}, {"dk", "da"},
					       {"gb", "en"}, {"gr", "el"}, {"jp", "ja"},
					       {"kz", "kk"}, {"sp", "es"}, {"ua", "uk"},
					       {"us", "en"}, {"vn", "vi"}};
	struct sv primary = sv_head(tag, sv_find_char(tag, '-'));
	size_t i;

	if (tag.n == 0 || !cap_is_language(tag))
		return;
	if (primary.n > 3) {
		cap_tell(s, CAP_RULE_UNUSUAL_LANGUAGE, cap_spot_child(f, CAP_INFO_LANGUAGE),
			 "\"%.*s\" (expected a code of two or three letters, not a name)",
			 SV_ARG(cap_quote(s, tag)));
		return;
	}
	for (i = 0; i < ARRAY_LEN(slips); i++) {
		if (sv_eq_nocase(primary, sv_of(slips[i][0])))
			cap_tell(s, CAP_RULE_UNUSUAL_LANGUAGE, cap_spot_child(f, CAP_INFO_LANGUAGE),
				 "\"%.*s\" is no language (expected \"%s\"?)",
				 SV_ARG(cap_quote(s, tag)), slips[i][1]);
	}
}

static void
judge_texts(struct cap_sink *s, const struct cap_frame *f, const struct cap_info *info)
{
	if (info->headline.n > 0 && sv_eq(info->headline, info->description))
		cap_tell(s, CAP_RULE_HEADLINE_REPEATED, cap_spot_child(f, CAP_INFO_DESCRIPTION),
			 "the description is the headline again (expected more than that)");
	if (info->description.n > 0 && sv_eq(info->description, info->instruction))
		cap_tell(s, CAP_RULE_DESCRIPTION_REPEATED, cap_spot_child(f, CAP_INFO_INSTRUCTION),
			 "the instruction is the description again (expected what to do)");
	if (info->web.n > 0 && sv_find_char(info->web, ':') < info->web.n &&
	    !sv_eq_nocase(sv_head(info->web, 5), SV("http:")) &&
	    !sv_eq_nocase(sv_head(info->web, 6), SV("https:")))
		cap_tell(s, CAP_RULE_WEB_NOT_HTTP, cap_spot_child(f, CAP_INFO_WEB),
			 "\"%.*s\" (expected the address of a page, https://…)",
			 SV_ARG(cap_quote(s, info->web)));
}

/* One finding an info, however many areas: it is one habit. */
static void
judge_geocodes(struct cap_sink *s, const struct cap_frame *f, const struct cap_info *info)
{
	size_t i, n = 0, first = 0;

	for (i = info->n_areas; i-- > 0;) {
		if (info->areas[i].n_polygons > 0 || info->areas[i].n_circles > 0 ||
		    info->areas[i].geocodes.n == 0)
			continue;
		n++;
		first = i;
	}
	if (n > 0)
		cap_tell(s, CAP_RULE_GEOCODE_ALONE,
			 (struct cap_spot){f, SV("area"), first + 1, info->areas[first].line},
			 "%zu of %zu areas by geocode alone (expected a polygon or circle beside "
			 "it)",
			 n, info->n_areas);
}

void
cap_advice_info(struct cap_sink *s, const struct cap_frame *f, const struct cap_alert *alert)
{
	const struct cap_info *info = f->object;

	judge_language(s, f, info->language);
	judge_texts(s, f, info);
	judge_acronyms(s, f, CAP_INFO_EVENT_CODE, info->event_codes);
	judge_geocodes(s, f, info);
	if (info->onset.ok && info->expires.ok && info->onset.at.utc >= info->expires.at.utc)
		cap_tell(s, CAP_RULE_ONSET_NOT_BEFORE, cap_spot_child(f, CAP_INFO_ONSET),
			 "%.*s is not before %.*s, when it expires (expected an earlier time)",
			 SV_ARG(info->onset.text), SV_ARG(info->expires.text));
	if (alert->msgtype == CAP_MSGTYPE_ALERT || alert->msgtype == CAP_MSGTYPE_UPDATE) {
		judge_missing(s, f, info);
		judge_unknowns(s, f, info);
	}
	if (alert->n_infos > 1)
		cap_compare_info(s, f, alert);
}

static void
judge_references(struct cap_sink *s, const struct cap_frame *f, const struct cap_alert *a)
{
	const struct cap_reference *r = a->references, *q;
	size_t i, k;

	for (i = 0; i < a->n_references; i++) {
		if (sv_eq(r[i].identifier, a->identifier) && sv_eq(r[i].sender, a->sender) &&
		    a->sent.ok && r[i].sent.at.utc < a->sent.at.utc)
			cap_tell(
				s, CAP_RULE_REUSED_IDENTIFIER,
				cap_spot_child(f, CAP_ALERT_REFERENCES),
				"\"%.*s\" was this sender's identifier already at %.*s (expected a "
				"new one for each message)",
				SV_ARG(cap_quote(s, a->identifier)), SV_ARG(r[i].sent.text));
		/* Lists are short; a long one is compared with its neighbour only. */
		for (k = a->n_references > 100 && i > 0 ? i - 1 : 0; k < i; k++) {
			q = &r[k];
			if (!sv_eq(r[i].identifier, q->identifier) ||
			    !sv_eq(r[i].sender, q->sender) || r[i].sent.at.utc != q->sent.at.utc)
				continue;
			cap_tell(s, CAP_RULE_REPEATED_REFERENCE,
				 cap_spot_child(f, CAP_ALERT_REFERENCES),
				 "\"%.*s\" is listed again (expected once)",
				 SV_ARG(cap_quote(s, r[i].identifier)));
			break;
		}
	}
}

void
cap_advice_alert(struct cap_sink *s, const struct cap_frame *f)
{
	const struct cap_alert *a = f->object;

	if (a->scope == CAP_SCOPE_PUBLIC &&
	    (a->status == CAP_STATUS_TEST || a->status == CAP_STATUS_DRAFT))
		cap_tell(s, CAP_RULE_NOT_ACTIONABLE, cap_spot_child(f, CAP_ALERT_STATUS),
			 "status %s to scope Public (expected Actual for people to act on it)",
			 cap_status_name(a->status));
	if (cap_is_name(a->sender) && sv_find_char(a->sender, '.') == a->sender.n &&
	    sv_find_char(a->sender, '@') == a->sender.n &&
	    sv_find_char(a->sender, ':') == a->sender.n)
		cap_tell(s, CAP_RULE_SENDER_NOT_GLOBAL, cap_spot_child(f, CAP_ALERT_SENDER),
			 "\"%.*s\" (expected a name that nobody else in the world can have)",
			 SV_ARG(cap_quote(s, a->sender)));
	if (a->note.n == 0 && a->status == CAP_STATUS_EXERCISE)
		cap_tell(s, CAP_RULE_MISSING_NOTE, cap_spot_child(f, CAP_ALERT_STATUS),
			 "status Exercise without <note> (expected which exercise it is)");
	else if (a->note.n == 0 && a->msgtype == CAP_MSGTYPE_ERROR)
		cap_tell(s, CAP_RULE_MISSING_NOTE, cap_spot_child(f, CAP_ALERT_MSGTYPE),
			 "msgType Error without <note> (expected why the message was rejected)");
	if (a->msgtype == CAP_MSGTYPE_ALERT && a->n_references > 0)
		cap_tell(
			s, CAP_RULE_ALERT_REFERS, cap_spot_child(f, CAP_ALERT_MSGTYPE),
			"msgType Alert with <references> (expected Update or Cancel to end those)");
	if (a->n_infos == 0 &&
	    (a->msgtype == CAP_MSGTYPE_ALERT || a->msgtype == CAP_MSGTYPE_UPDATE))
		cap_tell(s, CAP_RULE_MISSING_INFO, cap_spot_frame(f),
			 "no <info> (expected one for each language)");
	judge_references(s, f, a);
}
