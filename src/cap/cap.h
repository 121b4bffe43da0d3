/*
 * cap.h — one CAP message as a tree of plain values
 * (OASIS Common Alerting Protocol 1.2, 2010, section 3.2). Messages of CAP 1.1 and 1.0
 * come to the same tree; `version` says what they were.
 *
 * Everything lives in the arena that the reader was given. Texts are as in the
 * message, entities resolved, white space at both ends trimmed. A text that is absent is SV_NONE
 * (p == NULL); one that is there and empty has p != NULL. Values that could not
 * be read keep their text and say ok = false. Lines count from 1.
 */
#ifndef CAP_CAP_H
#define CAP_CAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "base/time.h"
#include "geo/point.h"

struct arena;
struct buf;

#define CAP_NS      "urn:oasis:names:tc:emergency:cap:1.2"
#define CAP_NO_LANG "en-US" /* what an absent <language> means */

/* The enumerations of section 3.2: one list each; UNKNOWN_VALUE is "absent or
 * not of the list". */
#define CAP_STATUSES(X)         \
	X(ACTUAL, "Actual")     \
	X(EXERCISE, "Exercise") \
	X(SYSTEM, "System")     \
	X(TEST, "Test")         \
	X(DRAFT, "Draft")
#define CAP_MSGTYPES(X)     \
	X(ALERT, "Alert")   \
	X(UPDATE, "Update") \
	X(CANCEL, "Cancel") \
	X(ACK, "Ack")       \
	X(ERROR, "Error")
#define CAP_SCOPES(X)               \
	X(PUBLIC, "Public")         \
	X(RESTRICTED, "Restricted") \
	X(PRIVATE, "Private")
#define CAP_CATEGORIES(X)         \
	X(GEO, "Geo")             \
	X(MET, "Met")             \
	X(SAFETY, "Safety")       \
	X(SECURITY, "Security")   \
	X(RESCUE, "Rescue")       \
	X(FIRE, "Fire")           \
	X(HEALTH, "Health")       \
	X(ENV, "Env")             \
	X(TRANSPORT, "Transport") \
	X(INFRA, "Infra")         \
	X(CBRNE, "CBRNE")         \
	X(OTHER, "Other")
#define CAP_RESPONSES(X)        \
	X(SHELTER, "Shelter")   \
	X(EVACUATE, "Evacuate") \
	X(PREPARE, "Prepare")   \
	X(EXECUTE, "Execute")   \
	X(AVOID, "Avoid")       \
	X(MONITOR, "Monitor")   \
	X(ASSESS, "Assess")     \
	X(ALLCLEAR, "AllClear") \
	X(NONE, "None")
#define CAP_URGENCIES(X)          \
	X(IMMEDIATE, "Immediate") \
	X(EXPECTED, "Expected")   \
	X(FUTURE, "Future")       \
	X(PAST, "Past")           \
	X(UNKNOWN, "Unknown")
#define CAP_SEVERITIES(X)       \
	X(EXTREME, "Extreme")   \
	X(SEVERE, "Severe")     \
	X(MODERATE, "Moderate") \
	X(MINOR, "Minor")       \
	X(UNKNOWN, "Unknown")
#define CAP_CERTAINTIES(X)      \
	X(OBSERVED, "Observed") \
	X(LIKELY, "Likely")     \
	X(POSSIBLE, "Possible") \
	X(UNLIKELY, "Unlikely") \
	X(UNKNOWN, "Unknown")

#define X(n, t) CAP_STATUS_##n,
enum cap_status { CAP_STATUS_NONE, CAP_STATUSES(X) };
#undef X
#define X(n, t) CAP_MSGTYPE_##n,
enum cap_msgtype { CAP_MSGTYPE_NONE, CAP_MSGTYPES(X) };
#undef X
#define X(n, t) CAP_SCOPE_##n,
enum cap_scope { CAP_SCOPE_NONE, CAP_SCOPES(X) };
#undef X
#define X(n, t) CAP_URGENCY_##n,
enum cap_urgency { CAP_URGENCY_NONE, CAP_URGENCIES(X) };
#undef X
#define X(n, t) CAP_SEVERITY_##n,
enum cap_severity { CAP_SEVERITY_NONE, CAP_SEVERITIES(X) };
#undef X
#define X(n, t) CAP_CERTAINTY_##n,
enum cap_certainty { CAP_CERTAINTY_NONE, CAP_CERTAINTIES(X) };
#undef X

/* The namespace that the message is written in. */
#define CAP_VERSIONS_LIST(X) \
	X(1_2, "1.2")        \
	X(1_1, "1.1")        \
	X(1_0, "1.0")
#define X(n, t) CAP_VERSION_##n,
enum cap_version { CAP_VERSIONS_LIST(X) CAP_VERSIONS };
#undef X

struct cap_time {
	struct sv text;
	struct time_at at; /* when ok */
	bool ok;
};

/* eventCode, parameter, geocode */
struct cap_pair {
	struct sv name;
	struct sv value;
	int line;
};

struct cap_texts {
	const struct sv *v;
	size_t n;
};

struct cap_pairs {
	const struct cap_pair *v;
	size_t n;
};

struct cap_polygon {
	struct sv text;
	struct geo_ring ring; /* when ok: closed, four or more points */
	bool ok;
	int line;
};

struct cap_circle {
	struct sv text;
	struct geo_circle circle; /* when ok */
	bool ok;
	int line;
};

struct cap_area {
	struct sv desc;
	const struct cap_polygon *polygons;
	size_t n_polygons;
	const struct cap_circle *circles;
	size_t n_circles;
	struct cap_pairs geocodes;
	struct sv altitude, ceiling;
	int line;
};

struct cap_resource {
	struct sv desc, mime_type, size, uri, deref_uri, digest;
	int line;
};

struct cap_info {
	struct sv language; /* SV_NONE: CAP_NO_LANG */
	struct cap_texts categories;
	struct sv event;
	struct cap_texts responses;
	struct sv urgency_text, severity_text, certainty_text;
	enum cap_urgency urgency;
	enum cap_severity severity;
	enum cap_certainty certainty; /* "Very Likely" reads as Likely */
	struct sv audience;
	struct cap_pairs event_codes;
	struct cap_time effective, onset, expires;
	struct sv sender_name, headline, description, instruction, web, contact;
	struct cap_pairs parameters;
	const struct cap_resource *resources;
	size_t n_resources;
	const struct cap_area *areas;
	size_t n_areas;
	int line;
	const int *lines; /* as those of the alert */
};

/* One "sender,identifier,sent" of <references>. */
struct cap_reference {
	struct sv sender, identifier;
	struct cap_time sent;
};

struct cap_alert {
	struct sv ns; /* the namespace it came in */
	enum cap_version version;
	struct sv identifier, sender;
	struct cap_time sent;
	struct sv status_text, msgtype_text, scope_text;
	enum cap_status status;
	enum cap_msgtype msgtype;
	enum cap_scope scope;
	struct sv source, restriction, addresses;
	struct cap_texts codes;
	struct sv note, references_text, incidents;
	const struct cap_reference *references; /* those that could be read */
	size_t n_references;
	const struct cap_info *infos;
	size_t n_infos;
	size_t n_signatures; /* ds:Signature elements seen; their bytes stay in the message */
	int line;
	/* The line of the first child of each name, in the order of the list of elements
	 * (cap_element.h); 0 where there is none. NULL in a tree that was not read. */
	const int *lines;
};

/* The value of the first parameter of that name, or SV_NONE. */
struct sv cap_parameter(const struct cap_info *, struct sv name);
/* The language of an info, with the default filled in. */
struct sv cap_language(const struct cap_info *);
/* Names of enumeration values, for writing; "" for the _NONE value. */
const char *cap_status_name(enum cap_status);
const char *cap_msgtype_name(enum cap_msgtype);
const char *cap_scope_name(enum cap_scope);
const char *cap_version_name(enum cap_version); /* "1.2" */

#endif
