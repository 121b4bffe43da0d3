/*
 * cap_element.c — the tables that the list of elements unfolds to. Pure.
 */
#include "cap/cap_element.h"

#define X(id, text) text,
static const char *const cap_status_names[] = {CAP_STATUSES(X) NULL};
static const char *const cap_msgtype_names[] = {CAP_MSGTYPES(X) NULL};
static const char *const cap_scope_names[] = {CAP_SCOPES(X) NULL};
static const char *const cap_category_names[] = {CAP_CATEGORIES(X) NULL};
static const char *const cap_response_names[] = {CAP_RESPONSES(X) NULL};
static const char *const cap_urgency_names[] = {CAP_URGENCIES(X) NULL};
static const char *const cap_severity_names[] = {CAP_SEVERITIES(X) NULL};
static const char *const cap_certainty_names[] = {CAP_CERTAINTIES(X) NULL};
#undef X

/* Enumerations are stored through a pointer to int. */
_Static_assert(sizeof(enum cap_status) == sizeof(int), "enum cap_status is stored as int");
_Static_assert(sizeof(enum cap_certainty) == sizeof(int), "enum cap_certainty is stored as int");

/* What older versions lack, and what type an element has there. */
static const char *const lacks_draft[] = {"Draft", NULL};
static const char *const lacks_cbrne[] = {"CBRNE", NULL};
static const char *const lacks_avoid[] = {"Avoid", "AllClear", NULL};
static const char *const lacks_observed[] = {"Observed", NULL};

#define VALUES_NO        NULL, NULL, NULL, NULL
#define VALUES_STATUS    cap_status_names, NULL, NULL, lacks_draft
#define VALUES_MSGTYPE   cap_msgtype_names, NULL, NULL, NULL
#define VALUES_SCOPE     cap_scope_names, NULL, NULL, NULL
#define VALUES_CATEGORY  cap_category_names, NULL, NULL, lacks_cbrne
#define VALUES_RESPONSE  cap_response_names, NULL, lacks_avoid, lacks_avoid
#define VALUES_URGENCY   cap_urgency_names, NULL, NULL, NULL
#define VALUES_SEVERITY  cap_severity_names, NULL, NULL, NULL
#define VALUES_CERTAINTY cap_certainty_names, NULL, NULL, lacks_observed

#define TYPE_TEXT        TEXT, TEXT, TEXT
#define TYPE_TIME        TIME, DATETIME, DATETIME
#define TYPE_ENUM        ENUM, ENUM, ENUM
#define TYPE_LANGUAGE    LANGUAGE, LANGUAGE, LANGUAGE
#define TYPE_URI         URI, URI, URI
#define TYPE_INTEGER     INTEGER, INTEGER, INTEGER
#define TYPE_DECIMAL     DECIMAL, TEXT, TEXT
#define TYPE_TEXTS       TEXTS, TEXTS, TEXTS
#define TYPE_ENUMS       ENUMS, ENUMS, ENUMS
#define TYPE_POLYGON     POLYGON, POLYGON, POLYGON
#define TYPE_CIRCLE      CIRCLE, CIRCLE, CIRCLE
#define TYPE_INFO        INFO, INFO, INFO
#define TYPE_RESOURCE    RESOURCE, RESOURCE, RESOURCE
#define TYPE_AREA        AREA, AREA, AREA
#define TYPE_PAIR        PAIR, PAIR, PAIR_TEXT
#define TYPE_SIGNATURE   SIGNATURE, SIGNATURE, SIGNATURE
#define TYPE_DROPPED     DROPPED, DROPPED, DROPPED

/* One row in one version: the types and lists above unfold before the pick. */
#define PICK_1_2(name, o12, o11, o10, t12, t11, t10, at, also, values, l12, l11, l10) \
	{SV_INIT(name), CAP_##o12, CAP_TYPE_##t12, at, also, values, l12},
#define PICK_1_1(name, o12, o11, o10, t12, t11, t10, at, also, values, l12, l11, l10) \
	{SV_INIT(name), CAP_##o11, CAP_TYPE_##t11, at, also, values, l11},
#define PICK_1_0(name, o12, o11, o10, t12, t11, t10, at, also, values, l12, l11, l10) \
	{SV_INIT(name), CAP_##o10, CAP_TYPE_##t10, at, also, values, l10},
#define UNFOLD(pick, ...) pick(__VA_ARGS__)
#define ROW(pick, parent, name, o12, o11, o10, type, member, second, values)            \
	UNFOLD(pick, name, o12, o11, o10, TYPE_##type, offsetof(struct parent, member), \
	       offsetof(struct parent, second), VALUES_##values)

#define X(id, ...) ROW(PICK_1_2, cap_alert, __VA_ARGS__)
static const struct cap_element alert_1_2[] = {CAP_ALERT_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_2, cap_info, __VA_ARGS__)
static const struct cap_element info_1_2[] = {CAP_INFO_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_2, cap_resource, __VA_ARGS__)
static const struct cap_element resource_1_2[] = {CAP_RESOURCE_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_2, cap_area, __VA_ARGS__)
static const struct cap_element area_1_2[] = {CAP_AREA_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_2, cap_pair, __VA_ARGS__)
static const struct cap_element pair_1_2[] = {CAP_PAIR_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_1, cap_alert, __VA_ARGS__)
static const struct cap_element alert_1_1[] = {CAP_ALERT_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_1, cap_info, __VA_ARGS__)
static const struct cap_element info_1_1[] = {CAP_INFO_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_1, cap_resource, __VA_ARGS__)
static const struct cap_element resource_1_1[] = {CAP_RESOURCE_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_1, cap_area, __VA_ARGS__)
static const struct cap_element area_1_1[] = {CAP_AREA_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_1, cap_pair, __VA_ARGS__)
static const struct cap_element pair_1_1[] = {CAP_PAIR_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_0, cap_alert, __VA_ARGS__)
static const struct cap_element alert_1_0[] = {CAP_ALERT_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_0, cap_info, __VA_ARGS__)
static const struct cap_element info_1_0[] = {CAP_INFO_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_0, cap_resource, __VA_ARGS__)
static const struct cap_element resource_1_0[] = {CAP_RESOURCE_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_0, cap_area, __VA_ARGS__)
static const struct cap_element area_1_0[] = {CAP_AREA_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(PICK_1_0, cap_pair, __VA_ARGS__)
static const struct cap_element pair_1_0[] = {CAP_PAIR_ELEMENTS(X)};
#undef X
#undef ROW

#define KIND(name, upper)                                                              \
	const struct cap_kind cap_kind_##name = {name##_1_2,                           \
						 {name##_1_2, name##_1_1, name##_1_0}, \
						 CAP_##upper##_CHILDREN,               \
						 sizeof(struct cap_##name),            \
						 CAP_KIND_##upper}
KIND(alert, ALERT);
KIND(info, INFO);
KIND(resource, RESOURCE);
KIND(area, AREA);
KIND(pair, PAIR);
#undef KIND

const struct cap_kind *
cap_element_kind(const struct cap_element *el)
{
	switch (el->type) {
	case CAP_TYPE_INFO:
		return &cap_kind_info;
	case CAP_TYPE_RESOURCE:
		return &cap_kind_resource;
	case CAP_TYPE_AREA:
		return &cap_kind_area;
	case CAP_TYPE_PAIR:
		return &cap_kind_pair;
	default:
		return NULL;
	}
}

size_t
cap_element_item(const struct cap_element *el)
{
	const struct cap_kind *kind = cap_element_kind(el);

	if (kind != NULL)
		return kind->size;
	switch (el->type) {
	case CAP_TYPE_TEXTS:
	case CAP_TYPE_ENUMS:
		return sizeof(struct sv);
	case CAP_TYPE_POLYGON:
		return sizeof(struct cap_polygon);
	case CAP_TYPE_CIRCLE:
		return sizeof(struct cap_circle);
	case CAP_TYPE_PAIR_TEXT:
		return sizeof(struct cap_pair);
	default:
		return 0;
	}
}

size_t
cap_kind_find(const struct cap_kind *kind, struct sv name, size_t from)
{
	size_t i, at;

	for (i = 0; i < kind->n; i++) {
		at = from + i;
		if (at >= kind->n)
			at -= kind->n;
		if (kind->children[at].name.n == name.n && kind->children[at].often != CAP_NEVER &&
		    kind->children[at].name.p[0] == name.p[0] &&
		    memcmp(kind->children[at].name.p, name.p, name.n) == 0)
			return at;
	}
	return kind->n;
}

int
cap_value_find(const char *const *values, struct sv v)
{
	int i;

	for (i = 0; values[i] != NULL; i++) {
		/* The first two letters differ in nearly every list. */
		if (v.n > 1 && values[i][0] == v.p[0] && values[i][1] == v.p[1] &&
		    strlen(values[i]) == v.n && memcmp(values[i], v.p, v.n) == 0)
			return i + 1;
	}
	return 0;
}
