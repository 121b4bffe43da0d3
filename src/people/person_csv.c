/*
 * person_csv.c — a record of the people CSV, field by field.
 */
#include "people/person_csv.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/time.h"
#include "base/utf8.h"
#include "geo/country.h"
#include "people/csv.h"

static const struct sv column_names[] = {
#define X(name, text) SV_INIT(#text),
	PERSON_COLUMNS(X)
#undef X
};

enum rc
person_csv_header(struct person_header *ret, const struct csv_record *record, struct err *e)
{
	bool seen[PERSON_COLUMN_COUNT] = {false};
	struct person_header header;
	size_t i, k;

	for (i = 0; i < record->n; i++) {
		struct sv name = sv_trim(record->fields[i]);

		for (k = 0; k < PERSON_COLUMN_COUNT; k++)
			if (sv_eq_nocase(name, column_names[k]))
				break;
		if (k == PERSON_COLUMN_COUNT)
			return err_set(e, RC_SYNTAX,
				       "line %llu: the header has a column \"%.*s\" that is not "
				       "known (expected %s)",
				       (unsigned long long)record->line, SV_ARG(sv_head(name, 60)),
				       PERSON_CSV_HEADER);
		if (seen[k])
			return err_set(e, RC_SYNTAX,
				       "line %llu: the header has the column \"%.*s\" twice",
				       (unsigned long long)record->line, SV_ARG(column_names[k]));
		seen[k] = true;
		header.place[k] = i;
	}
	for (k = 0; k < PERSON_COLUMN_COUNT; k++)
		if (!seen[k])
			return err_set(e, RC_SYNTAX,
				       "line %llu: the header has no column \"%.*s\" (expected %s)",
				       (unsigned long long)record->line, SV_ARG(column_names[k]),
				       PERSON_CSV_HEADER);
	*ret = header;
	return RC_OK;
}

/* A text without line ends or other control characters, of at most `most` bytes. */
static enum rc
read_text(struct sv *ret, struct sv v, size_t most, struct arena *a, struct err *e)
{
	if (v.n > most)
		return err_set(e, RC_LIMIT, "%zu bytes (at most %zu)", v.n, most);
	if (utf8_has_control(v) || memchr(v.n > 0 ? v.p : "", '\n', v.n) != NULL ||
	    memchr(v.n > 0 ? v.p : "", '\r', v.n) != NULL)
		return err_set(e, RC_SYNTAX, "holds a control character or a line end");
	*ret = arena_sv(a, v);
	return RC_OK;
}

/* The contact points in one field. */
static enum rc
read_contacts(struct person_line *line, struct sv field, enum channel channel, struct arena *a,
	      struct err *e)
{
	struct sv_split split = sv_split_of(field, ';');
	struct buf normal = BUF_INIT(LIMIT_EMAIL);
	struct sv part;
	enum rc rc = RC_OK;
	size_t i;

	while (rc == RC_OK && sv_split_next(&split, &part)) {
		if (sv_trim(part).n == 0)
			continue;
		buf_reset(&normal);
		rc = channel == CHANNEL_EMAIL ? contact_email(&normal, part, e)
					      : contact_phone(&normal, part, e);
		for (i = 0; i < line->contact_count; i++)
			if (line->contacts[i].channel == channel &&
			    sv_eq(line->contacts[i].text, buf_sv(&normal)))
				break;
		if (rc != RC_OK || i < line->contact_count)
			continue;
		if (i == LIMIT_CONTACTS)
			rc = err_set(e, RC_LIMIT, "more than %d contact points", LIMIT_CONTACTS);
		else
			line->contacts[line->contact_count++] =
				(struct contact){channel, arena_sv(a, buf_sv(&normal))};
	}
	if (normal.p != NULL)
		mem_wipe(normal.p, normal.cap);
	buf_fini(&normal);
	return rc;
}

static enum rc
read_degrees(double *ret, struct sv v, double most, struct err *e)
{
	if (!sv_to_double(v, ret) || *ret < -most || *ret > most)
		return err_set(e, RC_SYNTAX,
			       "\"%.*s\" is not a number of degrees (expected -%g to %g)",
			       SV_ARG(sv_head(v, 40)), most, most);
	return RC_OK;
}

static void
set_code(char *to, size_t cap, struct sv code)
{
	BUG_ON(code.n >= cap);
	memcpy(to, code.p, code.n);
	to[code.n] = '\0';
}

static enum rc
read_country(struct stay *stay, struct sv v, struct err *e)
{
	char upper[8];
	uint16_t c = COUNTRY_NONE;
	size_t i;

	if (v.n == 0) {
		if (!stay->has_point)
			return err_set(e, RC_SYNTAX,
				       "empty, and no coordinates either (expected a code such as "
				       "\"RU\" or \"RU-MOW\", or latitude and longitude)");
		c = country_at(stay->point);
		if (c != COUNTRY_NONE)
			set_code(stay->country, sizeof(stay->country), sv_of(country_code(c)));
		return RC_OK;
	}
	if (v.n < sizeof(upper)) {
		for (i = 0; i < v.n; i++)
			upper[i] = (char)(v.p[i] >= 'a' && v.p[i] <= 'z' ? v.p[i] - 32 : v.p[i]);
		if (v.n > 3 && subdivision_known((struct sv){upper, v.n})) {
			c = place_country((struct sv){upper, v.n});
			set_code(stay->subdivision, sizeof(stay->subdivision),
				 (struct sv){upper, v.n});
		} else if (v.n <= 3) {
			c = country_by_code((struct sv){upper, v.n});
		}
	}
	if (c == COUNTRY_NONE)
		return err_set(e, RC_SYNTAX,
			       "\"%.*s\" is not an ISO 3166 code (expected a country such as "
			       "\"RU\" or a subdivision such as \"RU-MOW\")",
			       SV_ARG(sv_head(v, 40)));
	set_code(stay->country, sizeof(stay->country), sv_of(country_code(c)));
	return RC_OK;
}

static enum rc
read_date(int32_t *ret, struct sv v, struct err *e)
{
	if (!time_parse_date(v, ret))
		return err_set(e, RC_SYNTAX,
			       "\"%.*s\" is not a date (expected one such as \"2026-09-22\")",
			       SV_ARG(sv_head(v, 40)));
	return RC_OK;
}

/* The fields of the stay; *ret_at says which column is wrong. */
static enum rc
read_stay(struct stay *stay, const struct sv *f, enum person_column *ret_at, struct err *e)
{
	enum rc rc = RC_OK;

	*ret_at = PERSON_LATITUDE;
	if (f[PERSON_LATITUDE].n == 0 && f[PERSON_LONGITUDE].n > 0)
		return err_set(e, RC_SYNTAX, "empty, but longitude is not");
	if (f[PERSON_LATITUDE].n > 0)
		rc = read_degrees(&stay->point.lat, f[PERSON_LATITUDE], 90, e);
	if (rc != RC_OK)
		return rc;
	*ret_at = PERSON_LONGITUDE;
	if (f[PERSON_LONGITUDE].n == 0 && f[PERSON_LATITUDE].n > 0)
		return err_set(e, RC_SYNTAX, "empty, but latitude is not");
	if (f[PERSON_LONGITUDE].n > 0) {
		rc = read_degrees(&stay->point.lon, f[PERSON_LONGITUDE], 180, e);
		stay->has_point = true;
	}
	if (rc != RC_OK)
		return rc;
	*ret_at = PERSON_COUNTRY;
	rc = read_country(stay, f[PERSON_COUNTRY], e);
	if (rc != RC_OK)
		return rc;
	*ret_at = PERSON_FROM;
	rc = read_date(&stay->from_day, f[PERSON_FROM], e);
	if (rc != RC_OK)
		return rc;
	*ret_at = PERSON_TO;
	stay->to_day = STAY_OPEN;
	if (f[PERSON_TO].n > 0)
		rc = read_date(&stay->to_day, f[PERSON_TO], e);
	if (rc == RC_OK && stay->to_day < stay->from_day)
		rc = err_set(e, RC_SYNTAX, "%.*s is before the stay's first day, %.*s",
			     SV_ARG(f[PERSON_TO]), SV_ARG(f[PERSON_FROM]));
	return rc;
}

static enum rc
read_ref(struct sv *ret, struct sv v, struct arena *a, struct err *e)
{
	if (v.n == 0)
		return err_set(e, RC_SYNTAX, "empty (expected what you call the person)");
	return read_text(ret, v, LIMIT_REF, a, e);
}

/* All fields, trimmed; *ret_at says which column is wrong. */
static enum rc
read_fields(struct person_line *line, const struct sv *f, struct arena *a,
	    enum person_column *ret_at, struct err *e)
{
	enum rc rc;

#define FIELD(column, call)                \
	do {                               \
		*ret_at = PERSON_##column; \
		rc = (call);               \
		if (rc != RC_OK)           \
			return rc;         \
	} while (0)
	FIELD(REF, read_ref(&line->ref, f[PERSON_REF], a, e));
	FIELD(NAME, read_text(&line->name, f[PERSON_NAME], LIMIT_NAME, a, e));
	FIELD(CITIZENSHIPS, person_citizenships(&line->citizenships, f[PERSON_CITIZENSHIPS], a, e));
	FIELD(LANGUAGES, person_languages(&line->languages, f[PERSON_LANGUAGES], a, e));
	FIELD(EMAIL, read_contacts(line, f[PERSON_EMAIL], CHANNEL_EMAIL, a, e));
	FIELD(PHONE, read_contacts(line, f[PERSON_PHONE], CHANNEL_SMS, a, e));
	FIELD(GROUPS, person_groups(&line->groups, f[PERSON_GROUPS], a, e));
#undef FIELD
	return read_stay(&line->stay, f, ret_at, e);
}

enum rc
person_csv_line(struct person_line *ret, const struct person_header *header,
		const struct csv_record *record, struct arena *a, struct err *e)
{
	struct sv f[PERSON_COLUMN_COUNT];
	enum person_column at = PERSON_REF;
	char where[64];
	size_t i;
	enum rc rc;

	memset(ret, 0, sizeof(*ret));
	ret->line = record->line;
	if (record->n != PERSON_COLUMN_COUNT)
		return err_set(e, RC_SYNTAX, "line %llu: %zu fields (expected %d)",
			       (unsigned long long)record->line, record->n,
			       (int)PERSON_COLUMN_COUNT);
	for (i = 0; i < PERSON_COLUMN_COUNT; i++)
		f[i] = sv_trim(record->fields[header->place[i]]);
	rc = read_fields(ret, f, a, &at, e);
	if (rc != RC_OK) {
		(void)snprintf(where, sizeof(where), "line %llu: %.*s",
			       (unsigned long long)record->line, SV_ARG(column_names[at]));
		return err_in(e, rc, where);
	}
	return RC_OK;
}

/* The contact points of one channel, ';' between. */
static void
add_contacts(struct buf *ret, const struct person *p, enum channel channel)
{
	bool first = true;
	size_t i;

	for (i = 0; i < p->contact_count; i++) {
		if (p->contacts[i].channel != channel)
			continue;
		if (!first)
			buf_addc(ret, ';');
		csv_add_field(ret, p->contacts[i].text);
		first = false;
	}
	buf_addc(ret, ',');
}

void
person_csv_add(struct buf *ret, const struct person *p, size_t n)
{
	const struct sv lists[] = {p->ref, p->name, p->citizenships, p->languages};
	size_t i;

	for (i = 0; i < ARRAY_LEN(lists); i++) {
		csv_add_field(ret, lists[i]);
		buf_addc(ret, ',');
	}
	add_contacts(ret, p, CHANNEL_EMAIL);
	add_contacts(ret, p, CHANNEL_SMS);
	if (n < p->stay_count) {
		const struct stay *s = &p->stays[n];

		buf_adds(ret, s->subdivision[0] != '\0' ? s->subdivision : s->country);
		if (s->has_point)
			buf_addf(ret, ",%.6f,%.6f,", s->point.lat, s->point.lon);
		else
			buf_adds(ret, ",,,");
		time_add_date(ret, s->from_day);
		buf_addc(ret, ',');
		if (s->to_day != STAY_OPEN)
			time_add_date(ret, s->to_day);
		buf_addc(ret, ',');
	} else {
		buf_adds(ret, ",,,,,");
	}
	csv_add_field(ret, p->groups);
	buf_addc(ret, '\n');
}
