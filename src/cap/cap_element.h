/*
 * cap_element.h — the one list of CAP elements (CAP 1.2, 3.2 and 3.4; the schemas of 1.1
 * and 1.0): name, place in the order, how often, type, and where it goes in the tree.
 *
 * The reader, the writer and the rules are driven by it. Within a parent the
 * order of the list is the order that the schema demands. For files of this room only.
 */
#ifndef CAP_CAP_ELEMENT_H
#define CAP_CAP_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"
#include "cap/cap.h"

#define CAP_NS_11  "urn:oasis:names:tc:emergency:cap:1.1"
#define CAP_NS_10  "http://www.incident.com/cap/1.0"
#define CAP_NS_SIG "http://www.w3.org/2000/09/xmldsig#"

/* What an element holds and so how it is read and written. */
enum cap_type {
	CAP_TYPE_TEXT, /* struct sv */
	CAP_TYPE_TIME, /* struct cap_time */
	CAP_TYPE_ENUM, /* struct sv, and an int at `also` */
	CAP_TYPE_LANGUAGE,
	CAP_TYPE_URI,
	CAP_TYPE_INTEGER,
	CAP_TYPE_DECIMAL, /* struct sv */
	/* lists: a pointer to items at `at`, a size_t at `also` */
	CAP_TYPE_TEXTS,
	CAP_TYPE_ENUMS,
	CAP_TYPE_POLYGON,
	CAP_TYPE_CIRCLE,
	/* lists of elements that have elements */
	CAP_TYPE_INFO,
	CAP_TYPE_RESOURCE,
	CAP_TYPE_AREA,
	CAP_TYPE_PAIR,
	/* counted only: a size_t at `also` */
	CAP_TYPE_SIGNATURE,
	/* of CAP 1.0 and 1.1 only */
	CAP_TYPE_DATETIME,  /* struct cap_time, in any form of xs:dateTime */
	CAP_TYPE_PAIR_TEXT, /* an item as of PAIR, written name=value */
	CAP_TYPE_DROPPED,   /* a text that nobody is to have */
};

/* How often: exactly once, at most once, any number, once or more; never: the
 * version does not have it. */
enum cap_often { CAP_ONE, CAP_OPT, CAP_ANY, CAP_SOME, CAP_NEVER };

/* X(id, name, how often in 1.2, 1.1 and 1.0, type, member, member for `also`, list of values)
 *
 * What else differs follows from type and list (cap_element.c): 1.0 and 1.1 take any
 * xs:dateTime and any text as altitude, 1.0 writes pairs as text, and lists were shorter. */
#define CAP_ALERT_ELEMENTS(X)                                                      \
	X(IDENTIFIER, "identifier", ONE, ONE, ONE, TEXT, identifier, ns, NO)       \
	X(SENDER, "sender", ONE, ONE, ONE, TEXT, sender, ns, NO)                   \
	X(SENT, "sent", ONE, ONE, ONE, TIME, sent, ns, NO)                         \
	X(STATUS, "status", ONE, ONE, ONE, ENUM, status_text, status, STATUS)      \
	X(MSGTYPE, "msgType", ONE, ONE, ONE, ENUM, msgtype_text, msgtype, MSGTYPE) \
	X(PASSWORD, "password", NEVER, NEVER, OPT, DROPPED, ns, ns, NO)            \
	X(SOURCE, "source", OPT, OPT, OPT, TEXT, source, ns, NO)                   \
	X(SCOPE, "scope", ONE, ONE, OPT, ENUM, scope_text, scope, SCOPE)           \
	X(RESTRICTION, "restriction", OPT, OPT, OPT, TEXT, restriction, ns, NO)    \
	X(ADDRESSES, "addresses", OPT, OPT, OPT, TEXT, addresses, ns, NO)          \
	X(CODE, "code", ANY, ANY, ANY, TEXTS, codes.v, codes.n, NO)                \
	X(NOTE, "note", OPT, OPT, OPT, TEXT, note, ns, NO)                         \
	X(REFERENCES, "references", OPT, OPT, OPT, TEXT, references_text, ns, NO)  \
	X(INCIDENTS, "incidents", OPT, OPT, OPT, TEXT, incidents, ns, NO)          \
	X(INFO, "info", ANY, ANY, ANY, INFO, infos, n_infos, NO)                   \
	X(SIGNATURE, "Signature", ANY, NEVER, NEVER, SIGNATURE, ns, n_signatures, NO)

#define CAP_INFO_ELEMENTS(X)                                                                    \
	X(LANGUAGE, "language", OPT, OPT, OPT, LANGUAGE, language, line, NO)                    \
	X(CATEGORY, "category", SOME, SOME, ANY, ENUMS, categories.v, categories.n, CATEGORY)   \
	X(EVENT, "event", ONE, ONE, ONE, TEXT, event, line, NO)                                 \
	X(RESPONSE, "responseType", ANY, ANY, NEVER, ENUMS, responses.v, responses.n, RESPONSE) \
	X(URGENCY, "urgency", ONE, ONE, ONE, ENUM, urgency_text, urgency, URGENCY)              \
	X(SEVERITY, "severity", ONE, ONE, ONE, ENUM, severity_text, severity, SEVERITY)         \
	X(CERTAINTY, "certainty", ONE, ONE, ONE, ENUM, certainty_text, certainty, CERTAINTY)    \
	X(AUDIENCE, "audience", OPT, OPT, OPT, TEXT, audience, line, NO)                        \
	X(EVENT_CODE, "eventCode", ANY, ANY, ANY, PAIR, event_codes.v, event_codes.n, NO)       \
	X(EFFECTIVE, "effective", OPT, OPT, OPT, TIME, effective, line, NO)                     \
	X(ONSET, "onset", OPT, OPT, OPT, TIME, onset, line, NO)                                 \
	X(EXPIRES, "expires", OPT, OPT, OPT, TIME, expires, line, NO)                           \
	X(SENDER_NAME, "senderName", OPT, OPT, OPT, TEXT, sender_name, line, NO)                \
	X(HEADLINE, "headline", OPT, OPT, OPT, TEXT, headline, line, NO)                        \
	X(DESCRIPTION, "description", OPT, OPT, OPT, TEXT, description, line, NO)               \
	X(INSTRUCTION, "instruction", OPT, OPT, OPT, TEXT, instruction, line, NO)               \
	X(WEB, "web", OPT, OPT, OPT, URI, web, line, NO)                                        \
	X(CONTACT, "contact", OPT, OPT, OPT, TEXT, contact, line, NO)                           \
	X(PARAMETER, "parameter", ANY, ANY, ANY, PAIR, parameters.v, parameters.n, NO)          \
	X(RESOURCE, "resource", ANY, ANY, ANY, RESOURCE, resources, n_resources, NO)            \
	X(AREA, "area", ANY, ANY, ANY, AREA, areas, n_areas, NO)

#define CAP_RESOURCE_ELEMENTS(X)                                             \
	X(DESC, "resourceDesc", ONE, ONE, ONE, TEXT, desc, line, NO)         \
	X(MIME_TYPE, "mimeType", ONE, OPT, OPT, TEXT, mime_type, line, NO)   \
	X(SIZE, "size", OPT, OPT, OPT, INTEGER, size, line, NO)              \
	X(URI, "uri", OPT, OPT, OPT, URI, uri, line, NO)                     \
	X(DEREF_URI, "derefUri", OPT, OPT, NEVER, TEXT, deref_uri, line, NO) \
	X(DIGEST, "digest", OPT, OPT, OPT, TEXT, digest, line, NO)

#define CAP_AREA_ELEMENTS(X)                                                    \
	X(DESC, "areaDesc", ONE, ONE, ONE, TEXT, desc, line, NO)                \
	X(POLYGON, "polygon", ANY, ANY, ANY, POLYGON, polygons, n_polygons, NO) \
	X(CIRCLE, "circle", ANY, ANY, ANY, CIRCLE, circles, n_circles, NO)      \
	X(GEOCODE, "geocode", ANY, ANY, ANY, PAIR, geocodes.v, geocodes.n, NO)  \
	X(ALTITUDE, "altitude", OPT, OPT, OPT, DECIMAL, altitude, line, NO)     \
	X(CEILING, "ceiling", OPT, OPT, OPT, DECIMAL, ceiling, line, NO)

#define CAP_PAIR_ELEMENTS(X)                                      \
	X(NAME, "valueName", ONE, ONE, ONE, TEXT, name, line, NO) \
	X(VALUE, "value", ONE, ONE, ONE, TEXT, value, line, NO)

/* The place of each child in its parent's list: CAP_ALERT_SENT, CAP_AREA_CIRCLE … */
#define X(id, ...) CAP_ALERT_##id,
enum cap_alert_child { CAP_ALERT_ELEMENTS(X) CAP_ALERT_CHILDREN };
#undef X
#define X(id, ...) CAP_INFO_##id,
enum cap_info_child { CAP_INFO_ELEMENTS(X) CAP_INFO_CHILDREN };
#undef X
#define X(id, ...) CAP_RESOURCE_##id,
enum cap_resource_child { CAP_RESOURCE_ELEMENTS(X) CAP_RESOURCE_CHILDREN };
#undef X
#define X(id, ...) CAP_AREA_##id,
enum cap_area_child { CAP_AREA_ELEMENTS(X) CAP_AREA_CHILDREN };
#undef X
#define X(id, ...) CAP_PAIR_##id,
enum cap_pair_child { CAP_PAIR_ELEMENTS(X) CAP_PAIR_CHILDREN };
#undef X

#define CAP_MAX_CHILDREN CAP_INFO_CHILDREN /* the longest list */

struct cap_element {
	struct sv name;
	enum cap_often often;
	enum cap_type type;
	size_t at;                 /* offset of the member in the parent's struct */
	size_t also;               /* offset of the second member, where the type has one */
	const char *const *values; /* value i is number i + 1; ends with NULL */
	const char *const *lacks;  /* those that the version does not have; NULL for none */
};

enum cap_kind_id {
	CAP_KIND_ALERT,
	CAP_KIND_INFO,
	CAP_KIND_RESOURCE,
	CAP_KIND_AREA,
	CAP_KIND_PAIR,
	CAP_KINDS
};

/* The children of one kind of parent. A child has the same place in each version, also where
 * the version does not have it. */
struct cap_kind {
	const struct cap_element *children; /* in CAP 1.2 */
	const struct cap_element *in[CAP_VERSIONS];
	size_t n;
	size_t size; /* of the parent's own struct */
	enum cap_kind_id id;
};

extern const struct cap_kind cap_kind_alert, cap_kind_info, cap_kind_resource, cap_kind_area,
	cap_kind_pair;

static inline bool
cap_element_required(const struct cap_element *el)
{
	return el->often == CAP_ONE || el->often == CAP_SOME;
}

static inline bool
cap_element_many(const struct cap_element *el)
{
	return el->often == CAP_ANY || el->often == CAP_SOME;
}

/* The children's list of an element that has elements, else NULL. */
const struct cap_kind *cap_element_kind(const struct cap_element *);

/* The size of one item of a list type; 0 for the others. */
size_t cap_element_item(const struct cap_element *);

/* The place of a child of CAP 1.2 by name, looked for from place `from` on and then from
 * the front: in a message in order the first or second try hits. kind->n when unknown. */
size_t cap_kind_find(const struct cap_kind *, struct sv name, size_t from);

/* The number of a value in its list, from 1; 0 when it is not of the list. */
int cap_value_find(const char *const *values, struct sv);

#endif
