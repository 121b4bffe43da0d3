/*
 * cap_element.h — the one list of CAP elements (CAP 1.2, 3.2 and 3.4): name,
 * place in the order, how often, type, and where it goes in the tree.
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
};

/* How often: exactly once, at most once, any number, once or more. */
enum cap_often { CAP_ONE, CAP_OPT, CAP_ANY, CAP_SOME };

/* X(id, name, often, type, member, member for `also`, list of values) */
#define CAP_ALERT_ELEMENTS(X)                                                      \
	X(IDENTIFIER, "identifier", ONE, TEXT, identifier, ns, NULL)               \
	X(SENDER, "sender", ONE, TEXT, sender, ns, NULL)                           \
	X(SENT, "sent", ONE, TIME, sent, ns, NULL)                                 \
	X(STATUS, "status", ONE, ENUM, status_text, status, cap_status_names)      \
	X(MSGTYPE, "msgType", ONE, ENUM, msgtype_text, msgtype, cap_msgtype_names) \
	X(SOURCE, "source", OPT, TEXT, source, ns, NULL)                           \
	X(SCOPE, "scope", ONE, ENUM, scope_text, scope, cap_scope_names)           \
	X(RESTRICTION, "restriction", OPT, TEXT, restriction, ns, NULL)            \
	X(ADDRESSES, "addresses", OPT, TEXT, addresses, ns, NULL)                  \
	X(CODE, "code", ANY, TEXTS, codes.v, codes.n, NULL)                        \
	X(NOTE, "note", OPT, TEXT, note, ns, NULL)                                 \
	X(REFERENCES, "references", OPT, TEXT, references_text, ns, NULL)          \
	X(INCIDENTS, "incidents", OPT, TEXT, incidents, ns, NULL)                  \
	X(INFO, "info", ANY, INFO, infos, n_infos, NULL)                           \
	X(SIGNATURE, "Signature", ANY, SIGNATURE, ns, n_signatures, NULL)

#define CAP_INFO_ELEMENTS(X)                                                                  \
	X(LANGUAGE, "language", OPT, LANGUAGE, language, line, NULL)                          \
	X(CATEGORY, "category", SOME, ENUMS, categories.v, categories.n, cap_category_names)  \
	X(EVENT, "event", ONE, TEXT, event, line, NULL)                                       \
	X(RESPONSE, "responseType", ANY, ENUMS, responses.v, responses.n, cap_response_names) \
	X(URGENCY, "urgency", ONE, ENUM, urgency_text, urgency, cap_urgency_names)            \
	X(SEVERITY, "severity", ONE, ENUM, severity_text, severity, cap_severity_names)       \
	X(CERTAINTY, "certainty", ONE, ENUM, certainty_text, certainty, cap_certainty_names)  \
	X(AUDIENCE, "audience", OPT, TEXT, audience, line, NULL)                              \
	X(EVENT_CODE, "eventCode", ANY, PAIR, event_codes.v, event_codes.n, NULL)             \
	X(EFFECTIVE, "effective", OPT, TIME, effective, line, NULL)                           \
	X(ONSET, "onset", OPT, TIME, onset, line, NULL)                                       \
	X(EXPIRES, "expires", OPT, TIME, expires, line, NULL)                                 \
	X(SENDER_NAME, "senderName", OPT, TEXT, sender_name, line, NULL)                      \
	X(HEADLINE, "headline", OPT, TEXT, headline, line, NULL)                              \
	X(DESCRIPTION, "description", OPT, TEXT, description, line, NULL)                     \
	X(INSTRUCTION, "instruction", OPT, TEXT, instruction, line, NULL)                     \
	X(WEB, "web", OPT, URI, web, line, NULL)                                              \
	X(CONTACT, "contact", OPT, TEXT, contact, line, NULL)                                 \
	X(PARAMETER, "parameter", ANY, PAIR, parameters.v, parameters.n, NULL)                \
	X(RESOURCE, "resource", ANY, RESOURCE, resources, n_resources, NULL)                  \
	X(AREA, "area", ANY, AREA, areas, n_areas, NULL)

#define CAP_RESOURCE_ELEMENTS(X)                                   \
	X(DESC, "resourceDesc", ONE, TEXT, desc, line, NULL)       \
	X(MIME_TYPE, "mimeType", ONE, TEXT, mime_type, line, NULL) \
	X(SIZE, "size", OPT, INTEGER, size, line, NULL)            \
	X(URI, "uri", OPT, URI, uri, line, NULL)                   \
	X(DEREF_URI, "derefUri", OPT, TEXT, deref_uri, line, NULL) \
	X(DIGEST, "digest", OPT, TEXT, digest, line, NULL)

#define CAP_AREA_ELEMENTS(X)                                            \
	X(DESC, "areaDesc", ONE, TEXT, desc, line, NULL)                \
	X(POLYGON, "polygon", ANY, POLYGON, polygons, n_polygons, NULL) \
	X(CIRCLE, "circle", ANY, CIRCLE, circles, n_circles, NULL)      \
	X(GEOCODE, "geocode", ANY, PAIR, geocodes.v, geocodes.n, NULL)  \
	X(ALTITUDE, "altitude", OPT, DECIMAL, altitude, line, NULL)     \
	X(CEILING, "ceiling", OPT, DECIMAL, ceiling, line, NULL)

#define CAP_PAIR_ELEMENTS(X)                              \
	X(NAME, "valueName", ONE, TEXT, name, line, NULL) \
	X(VALUE, "value", ONE, TEXT, value, line, NULL)

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
};

/* The children of one kind of parent. */
struct cap_kind {
	const struct cap_element *children;
	size_t n;
	size_t size; /* of the parent's own struct */
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

/* The place of a child by name, looked for from place `from` on and then from
 * the front: in a message in order the first or second try hits. kind->n when unknown. */
size_t cap_kind_find(const struct cap_kind *, struct sv name, size_t from);

/* The number of a value in its list, from 1; 0 when it is not of the list. */
int cap_value_find(const char *const *values, struct sv);

#endif
