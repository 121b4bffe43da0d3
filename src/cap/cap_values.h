/*
 * cap_values.h — the small forms inside CAP texts. Pure.
 *
 * Each takes the trimmed text of an element. Those with struct err say in it
 * what was found and what is expected, without a place: the caller knows that.
 */
#ifndef CAP_CAP_VALUES_H
#define CAP_CAP_VALUES_H

#include "cap/cap.h"

/* CAP 1.2, 3.3.2, as XML Schema has it: an offset of at most 14 hours, and 24:00:00 for the end of
 * a day. *ret is then the start of the next; of 9999-12-31 it is refused. */
bool cap_parse_time(struct sv, struct time_at *ret) CHECKED;

/* xs:dateTime of XML Schema 1.0, as CAP 1.0 and 1.1 have it: with fractions, Z, without offset,
 * 24:00:00, years of more digits. Without an offset it is taken as UTC. *ret_ok says whether the
 * instant could be told; years before 1 or after 9999 cannot. */
bool cap_parse_datetime(struct sv, struct time_at *ret, bool *ret_ok) CHECKED;

/* [+-]digits[.digits] with either side of the point optional, at most 40 bytes. */
bool cap_parse_decimal(struct sv, double *ret) CHECKED;

/* "lat,lon lat,lon …": four or more in range, the last equal to the first. The points live in
 * the arena. RC_SYNTAX; RC_LIMIT when there are more than max points. */
enum rc cap_parse_polygon(struct geo_ring *ret, struct arena *, struct sv, size_t max, struct err *)
	CHECKED;

/* "lat,lon radius" in kilometres. RC_SYNTAX. */
enum rc cap_parse_circle(struct geo_circle *ret, struct sv, struct err *) CHECKED;

/* Take the next item off <references>: false at the end. *ret_ok says whether it
 * is "sender,identifier,sent"; then *ret holds it. */
bool cap_next_reference(struct sv *rest, struct sv *ret_item, struct cap_reference *ret,
			bool *ret_ok);

/* Take the next item off <addresses> or <incidents>, without its quotes: false
 * at the end. *ret_ok is false when a quote does not pair. */
bool cap_next_quoted(struct sv *rest, struct sv *ret_item, bool *ret_ok);

/* identifier and sender: not empty, no white space, comma, '<' or '&'. */
bool cap_is_name(struct sv);
/* letters{1,8} and then "-" alphanumerics{1,8}, repeated (xs:language) */
bool cap_is_language(struct sv);
/* [+-]digits, at most 18 of them */
bool cap_is_integer(struct sv);
/* type "/" subtype of RFC 2045 tokens, parameters after ';' allowed */
bool cap_is_mime_type(struct sv);
bool cap_is_base64(struct sv); /* white space allowed; RFC 2045 6.8 */
/* The same; *ret is the number of bytes that it decodes to. */
bool cap_base64_size(struct sv, size_t *ret);
bool cap_is_sha1(struct sv); /* 40 hexadecimal digits */

/* A URI or relative reference (RFC 3986); characters beyond ASCII may stand
 * as they are (RFC 3987). *ret_absolute: it has a scheme. */
bool cap_is_uri(struct sv, bool *ret_absolute);
/* xs:anyURI (XML Schema 2, 3.2.17): with spaces, quotes, braces and the like it is one, too. */
bool cap_is_any_uri(struct sv);

#endif
