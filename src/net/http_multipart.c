/*
 * http_multipart.c — see http_multipart.h. A delimiter is CR LF, two hyphens and the
 * boundary; the first one lacks its CR LF. Behind it comes CR LF (a part) or two hyphens
 * (the end).
 */
#include "net/http_multipart.h"

#define BOUNDARY_MAX 70   /* RFC 2046, 5.1.1 */
#define HEAD_MAX     1024 /* of one part: three short fields */

/* The value of a parameter ";name=value" or ";name="quoted"", as it is written. */
static bool
find_parameter(struct sv rest, struct sv name, struct sv *ret)
{
	size_t at;

	for (rest = sv_from(rest, sv_find_char(rest, ';')); rest.n > 0;) {
		struct sv key, value;
		size_t end;

		rest = sv_trim(sv_from(rest, 1));
		at = sv_find_char(rest, '=');
		if (at == rest.n)
			return false;
		key = sv_trim(sv_head(rest, at));
		rest = sv_from(rest, at + 1);
		if (rest.n > 0 && rest.p[0] == '"') {
			/* RFC 9110, 5.6.4; browsers write a quote inside as %22, curl as \". */
			for (end = 1; end < rest.n && rest.p[end] != '"'; end++)
				end += rest.p[end] == '\\';
			if (end >= rest.n)
				return false;
			value = sv_head(sv_from(rest, 1), end - 1);
			rest = sv_trim(sv_from(rest, end + 1));
			if (rest.n > 0 && rest.p[0] != ';')
				return false;
		} else {
			end = sv_find_char(rest, ';');
			value = sv_trim(sv_head(rest, end));
			rest = sv_from(rest, end);
		}
		if (sv_eq_nocase(key, name)) {
			*ret = value;
			return true;
		}
	}
	return false;
}

static struct sv
media_type(struct sv value)
{
	return sv_trim(sv_head(value, sv_find_char(value, ';')));
}

bool
http_is_multipart(struct sv content_type)
{
	return sv_eq_nocase(media_type(content_type), SV("multipart/form-data"));
}

static bool
boundary_ok(struct sv b)
{
	size_t i;

	for (i = 0; i < b.n; i++)
		if ((b.p[i] < '0' || b.p[i] > '9') && (b.p[i] < 'A' || b.p[i] > 'Z') &&
		    (b.p[i] < 'a' || b.p[i] > 'z') &&
		    sv_find_char(SV("'()+_,-./:=? "), b.p[i]) == sizeof("'()+_,-./:=? ") - 1)
			return false;
	return b.n > 0 && b.n <= BOUNDARY_MAX && b.p[b.n - 1] != ' ';
}

/* One line of a part's head. False: nothing that belongs into a form. */
static bool
read_field(struct http_part *p, struct sv line)
{
	size_t colon = sv_find_char(line, ':');
	struct sv name = sv_head(line, colon), value = sv_trim(sv_from(line, colon + 1));

	if (colon == 0 || colon == line.n || sv_trim(name).n != name.n)
		return false;
	if (sv_eq_nocase(name, SV("Content-Disposition"))) {
		if (p->name.p != NULL || !sv_eq_nocase(media_type(value), SV("form-data")) ||
		    !find_parameter(value, SV("name"), &p->name))
			return false;
		if (!find_parameter(value, SV("filename"), &p->filename))
			p->filename = SV_NONE;
		return true;
	}
	if (sv_eq_nocase(name, SV("Content-Transfer-Encoding")))
		return sv_eq_nocase(value, SV("binary")) || sv_eq_nocase(value, SV("8bit")) ||
		       sv_eq_nocase(value, SV("7bit"));
	return true;
}

/* The head, up to and with its empty line, off the front of *rest. */
static bool
read_head(struct http_part *p, struct sv *rest)
{
	size_t end = sv_find(sv_head(*rest, HEAD_MAX), SV("\r\n\r\n"));
	struct sv head = sv_head(*rest, end);

	if (end + 4 > rest->n || end + 4 > HEAD_MAX || memchr(head.p, '\0', head.n) != NULL)
		return false;
	while (head.n > 0) {
		size_t line = sv_find(head, SV("\r\n"));

		if (sv_find_char(sv_head(head, line), '\n') < line ||
		    sv_find_char(sv_head(head, line), '\r') < line ||
		    !read_field(p, sv_head(head, line)))
			return false;
		head = sv_from(head, line + 2);
	}
	*rest = sv_from(*rest, end + 4);
	return p->name.p != NULL;
}

/* Where the next delimiter begins, at its CR LF; rest.n when there is none. */
static size_t
find_delimiter(struct sv rest, struct sv boundary)
{
	size_t at = 0;

	for (;;) {
		size_t step = sv_find(sv_from(rest, at), SV("\r\n--"));

		at += step;
		if (at >= rest.n || sv_starts(sv_from(rest, at + 4), boundary))
			return at;
		at += 4;
	}
}

bool
http_multipart_parse(struct http_parts *ret, struct sv content_type, struct sv body)
{
	struct http_parts got = {.n = 0};
	struct sv boundary, rest = body;
	size_t end;

	if (!http_is_multipart(content_type) ||
	    !find_parameter(content_type, SV("boundary"), &boundary) || !boundary_ok(boundary) ||
	    !sv_starts(rest, SV("--")) || !sv_starts(sv_from(rest, 2), boundary))
		return false;
	rest = sv_from(rest, 2 + boundary.n);
	while (sv_starts(rest, SV("\r\n"))) {
		struct http_part *p = &got.v[got.n];

		rest = sv_from(rest, 2);
		if (got.n == HTTP_PARTS_MAX)
			return false;
		*p = (struct http_part){SV_NONE, SV_NONE, SV_NONE};
		if (!read_head(p, &rest))
			return false;
		end = find_delimiter(rest, boundary);
		if (end == rest.n)
			return false;
		p->data = sv_head(rest, end);
		rest = sv_from(rest, end + 4 + boundary.n);
		got.n++;
	}
	if (!sv_eq(rest, SV("--")) && !sv_eq(rest, SV("--\r\n")))
		return false;
	*ret = got;
	return true;
}

const struct http_part *
http_parts_find(const struct http_parts *parts, const char *name)
{
	size_t i;

	for (i = 0; i < parts->n; i++)
		if (sv_eq(parts->v[i].name, sv_of(name)))
			return &parts->v[i];
	return NULL;
}
