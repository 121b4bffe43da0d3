/*
 * cap_account.c — a message told in lines of "label  value" on a terminal.
 */
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "cap/cap.h"
#include "cap/cap_block.h"
#include "cap/cap_choose.h"
#include "cmd/cmd_cap.h"

#define LABEL       "  %-13s "
#define TEXT_INDENT 16

void
cap_put(FILE *f, struct sv v, int indent)
{
	struct sv rest = v;
	uint32_t c;
	char out[4];

	while (rest.n > 0) {
		if (!utf8_next(&rest, &c)) {
			rest = sv_from(rest, 1);
			fputc('?', f);
		} else if (c == '\n') {
			fprintf(f, "\n%*s", indent, "");
		} else if (c == '\t' || (c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0))) {
			(void)fwrite(out, 1, utf8_put(out, c), f);
		}
	}
}

void
cap_put_name(FILE *f, const char *name)
{
	struct sv rest = sv_of(name);
	uint32_t c;
	char out[4];

	while (rest.n > 0) {
		if (!utf8_next(&rest, &c)) {
			rest = sv_from(rest, 1);
			c = '?';
		} else if (c < 0x20 || (c >= 0x7F && c < 0xA0)) {
			c = '?';
		}
		(void)fwrite(out, 1, utf8_put(out, c), f);
	}
}

void
cap_put_error(const char *file, struct sv what)
{
	fputs("tocsin: ", stderr);
	if (file != NULL) {
		cap_put_name(stderr, file);
		fputs(": ", stderr);
	}
	cap_put(stderr, what, 2);
	fputc('\n', stderr);
}

static void
line(FILE *f, const char *label, struct sv v)
{
	if (v.n == 0)
		return;
	fprintf(f, LABEL, label);
	cap_put(f, v, TEXT_INDENT);
	fputc('\n', f);
}

static void
lines(FILE *f, const char *label, struct cap_texts t)
{
	size_t i;

	if (t.n == 0)
		return;
	fprintf(f, LABEL, label);
	for (i = 0; i < t.n; i++) {
		if (i > 0)
			fputs(", ", f);
		cap_put(f, t.v[i], TEXT_INDENT);
	}
	fputc('\n', f);
}

static void
pairs(FILE *f, const char *label, struct cap_pairs p)
{
	size_t i;

	for (i = 0; i < p.n; i++) {
		fprintf(f, LABEL, i == 0 ? label : "");
		cap_put(f, p.v[i].name, TEXT_INDENT);
		fputs(" = ", f);
		cap_put(f, p.v[i].value, TEXT_INDENT);
		fputc('\n', f);
	}
}

static void
count(FILE *f, const char *sep, size_t n, const char *what)
{
	if (n > 0)
		fprintf(f, "%s%zu %s%s", sep, n, what, n == 1 ? "" : "s");
}

static void
area(FILE *f, const struct cap_area *a)
{
	size_t i, points = 0;
	const char *sep = " — ";

	fprintf(f, LABEL, "area");
	cap_put(f, a->desc, TEXT_INDENT);
	for (i = 0; i < a->n_polygons; i++)
		points += a->polygons[i].ring.n;
	count(f, sep, a->n_polygons, "polygon");
	if (a->n_polygons > 0) {
		count(f, " of ", points, "point");
		sep = ", ";
	}
	count(f, sep, a->n_circles, "circle");
	if (a->n_circles > 0)
		sep = ", ";
	count(f, sep, a->geocodes.n, "geocode");
	if (a->altitude.n > 0) {
		fputs(", from ", f);
		cap_put(f, a->altitude, TEXT_INDENT);
		fputs(" ft", f);
	}
	if (a->ceiling.n > 0) {
		fputs(" to ", f);
		cap_put(f, a->ceiling, TEXT_INDENT);
		fputs(" ft", f);
	}
	fputc('\n', f);
	for (i = 0; i < a->n_circles; i++)
		line(f, "  circle", a->circles[i].text);
	pairs(f, "  geocode", a->geocodes);
}

static void
resource(FILE *f, const struct cap_resource *r)
{
	line(f, "resource", r->desc);
	line(f, "  type", r->mime_type);
	line(f, "  bytes", r->size);
	line(f, "  uri", r->uri);
	if (r->deref_uri.n > 0)
		fprintf(f, LABEL "%zu bytes of base64\n", "  content", r->deref_uri.n);
	line(f, "  SHA-1", r->digest);
}

static void
info(FILE *f, const struct cap_info *in, size_t i, size_t n)
{
	size_t k;

	fprintf(f, "\nInfo %zu of %zu, ", i + 1, n);
	cap_put(f, cap_language(in), 0);
	fputc('\n', f);
	line(f, "headline", in->headline);
	line(f, "event", in->event);
	lines(f, "category", in->categories);
	line(f, "urgency", in->urgency_text);
	line(f, "severity", in->severity_text);
	line(f, "certainty", in->certainty_text);
	line(f, "effective", in->effective.text);
	line(f, "onset", in->onset.text);
	line(f, "expires", in->expires.text);
	line(f, "issued by", in->sender_name);
	line(f, "for", in->audience);
	line(f, "description", in->description);
	line(f, "instruction", in->instruction);
	lines(f, "response", in->responses);
	line(f, "web", in->web);
	line(f, "contact", in->contact);
	pairs(f, "event code", in->event_codes);
	pairs(f, "parameter", in->parameters);
	for (k = 0; k < in->n_resources; k++)
		resource(f, &in->resources[k]);
	for (k = 0; k < in->n_areas; k++)
		area(f, &in->areas[k]);
}

/* Whether what info i says is also said in the language chosen. */
static bool
is_shown_otherwise(const struct cap_alert *a, const struct cap_choice *c, size_t i)
{
	size_t k;

	for (k = 0; k < a->n_infos; k++)
		if (cap_choice_shows(a, c, k) &&
		    cap_block_differences(&a->infos[i], &a->infos[k]) == 0)
			return true;
	return false;
}

/* Which language was chosen and why, and what is not shown for that. */
static void
language(FILE *f, const struct cap_alert *a, const struct cap_choice *c)
{
	struct buf why = BUF_INIT(LIMIT_CAP_FILE);
	bool some = false;
	size_t i;

	cap_choice_say(&why, c);
	line(f, "language", buf_sv(&why));
	buf_fini(&why);
	for (i = 0; i < a->n_infos; i++) {
		if (cap_choice_shows(a, c, i))
			continue;
		fprintf(f, LABEL "info %zu, ", some ? "" : "left out", i + 1);
		cap_put(f, cap_language(&a->infos[i]), TEXT_INDENT);
		if (!is_shown_otherwise(a, c, i))
			fputs("; there is nothing like it in the language chosen", f);
		fputc('\n', f);
		some = true;
	}
}

void
cap_account(FILE *f, const struct cap_alert *a, struct sv languages)
{
	struct cap_choice choice = cap_choose_language(a, languages);
	size_t i;

	line(f, "identifier", a->identifier);
	line(f, "sender", a->sender);
	line(f, "sent", a->sent.text);
	line(f, "status", a->status_text);
	line(f, "type", a->msgtype_text);
	line(f, "scope", a->scope_text);
	line(f, "source", a->source);
	line(f, "restriction", a->restriction);
	line(f, "addresses", a->addresses);
	lines(f, "code", a->codes);
	line(f, "note", a->note);
	for (i = 0; i < a->n_references; i++) {
		fprintf(f, LABEL, "refers to");
		cap_put(f, a->references[i].identifier, TEXT_INDENT);
		fputs(" of ", f);
		cap_put(f, a->references[i].sender, TEXT_INDENT);
		fputs(", ", f);
		cap_put(f, a->references[i].sent.text, TEXT_INDENT);
		fputc('\n', f);
	}
	line(f, "incidents", a->incidents);
	if (a->n_signatures > 0)
		fprintf(f, LABEL "%zu, not checked\n", "signatures", a->n_signatures);
	if (languages.p != NULL)
		language(f, a, &choice);
	for (i = 0; i < a->n_infos; i++)
		if (languages.p == NULL || cap_choice_shows(a, &choice, i))
			info(f, &a->infos[i], i, a->n_infos);
}
