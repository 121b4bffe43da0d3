/*
 * cap_uri.c — is a text a URI (RFC 3986)? Pure.
 *
 *   [scheme ":"] ["//" [userinfo "@"] host [":" port]] path ["?" query] ["#" fragment]
 *
 * Characters beyond ASCII stand for themselves, as RFC 3987 has it. xs:anyURI takes more: what is a
 * URI once the characters that none may have are percent-encoded.
 */
#include "cap/cap_values.h"

static bool
is_alpha(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(unsigned char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* What no URI may have, and xs:anyURI still takes. */
static bool
is_to_encode(unsigned char c)
{
	return c <= ' ' || c == 0x7f || strchr("\"<>\\^`{|}", c) != NULL;
}

/* Unreserved, sub-delims, percent-encoded, or one of `more`; with `loose` what is to be encoded. */
static bool
all_of(struct sv v, const char *more, bool loose)
{
	size_t i;
	unsigned char c;

	for (i = 0; i < v.n; i++) {
		c = (unsigned char)v.p[i];
		if (is_alpha(c) || is_digit(c) || c >= 0x80 || (loose && is_to_encode(c)))
			continue;
		if (c == '%') {
			if (v.n - i < 3 || !is_hex((unsigned char)v.p[i + 1]) ||
			    !is_hex((unsigned char)v.p[i + 2]))
				return false;
			i += 2;
			continue;
		}
		if (c == 0 || (strchr("-._~!$&'()*+,;=", c) == NULL && strchr(more, c) == NULL))
			return false;
	}
	return true;
}

static bool
authority_ok(struct sv v, bool loose)
{
	size_t at, i, port;
	struct sv host = v;

	at = sv_find_char(v, '@');
	if (at < v.n) {
		if (!all_of(sv_head(v, at), ":", loose))
			return false;
		host = sv_from(v, at + 1);
	}
	if (host.n > 0 && host.p[0] == '[') {
		port = sv_find_char(host, ']');
		if (port == host.n || !all_of((struct sv){host.p + 1, port - 1}, ":", loose))
			return false;
		port++;
		if (port < host.n && host.p[port] != ':')
			return false;
	} else {
		port = sv_find_char(host, ':');
		if (!all_of(sv_head(host, port), "", loose))
			return false;
	}
	for (i = port + 1; i < host.n; i++) {
		if (!is_digit((unsigned char)host.p[i]))
			return false;
	}
	/* A colon without a port is legal but trips readers; more than eight digits
	 * are no port, and overflow them. */
	return port == host.n || (host.n > port + 1 && host.n <= port + 1 + 8);
}

/* The length of a scheme in front of ':', else 0. */
static size_t
scheme_length(struct sv v)
{
	size_t i;
	unsigned char c;

	for (i = 0; i < v.n; i++) {
		c = (unsigned char)v.p[i];
		if (c == ':')
			return i;
		if (!is_alpha(c) && (i == 0 || (!is_digit(c) && c != '+' && c != '-' && c != '.')))
			return 0;
	}
	return 0;
}

static bool
is_reference(struct sv v, bool loose, bool *ret_absolute)
{
	size_t scheme = scheme_length(v), at;
	struct sv rest = scheme > 0 ? sv_from(v, scheme + 1) : v;

	*ret_absolute = scheme > 0 && rest.n > 0;
	at = sv_find_char(rest, '#');
	if (!all_of(sv_from(rest, at + 1), ":@/?", loose))
		return false;
	rest = sv_head(rest, at);
	at = sv_find_char(rest, '?');
	if (!all_of(sv_from(rest, at + 1), ":@/?", loose))
		return false;
	rest = sv_head(rest, at);
	if (sv_starts(rest, SV("//"))) {
		rest = sv_from(rest, 2);
		at = sv_find_char(rest, '/');
		if (!authority_ok(sv_head(rest, at), loose))
			return false;
		rest = sv_from(rest, at);
	} else if (scheme == 0) {
		/* The first segment of a relative path has no ':', else it were a scheme. */
		at = sv_find_char(rest, '/');
		if (sv_find_char(sv_head(rest, at), ':') < at)
			return false;
	}
	return all_of(rest, ":@/", loose);
}

bool
cap_is_uri(struct sv v, bool *ret_absolute)
{
	return is_reference(v, false, ret_absolute);
}

bool
cap_is_any_uri(struct sv v)
{
	bool absolute;

	return is_reference(v, true, &absolute);
}
