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

#define ROW(parent, name, often, type, member, second, values) \
	{SV_INIT(name),                                        \
	 CAP_##often,                                          \
	 CAP_TYPE_##type,                                      \
	 offsetof(struct parent, member),                      \
	 offsetof(struct parent, second),                      \
	 values},

#define X(id, ...) ROW(cap_alert, __VA_ARGS__)
static const struct cap_element alert_children[] = {CAP_ALERT_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(cap_info, __VA_ARGS__)
static const struct cap_element info_children[] = {CAP_INFO_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(cap_resource, __VA_ARGS__)
static const struct cap_element resource_children[] = {CAP_RESOURCE_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(cap_area, __VA_ARGS__)
static const struct cap_element area_children[] = {CAP_AREA_ELEMENTS(X)};
#undef X
#define X(id, ...) ROW(cap_pair, __VA_ARGS__)
static const struct cap_element pair_children[] = {CAP_PAIR_ELEMENTS(X)};
#undef X
#undef ROW

const struct cap_kind cap_kind_alert = {alert_children, CAP_ALERT_CHILDREN,
					sizeof(struct cap_alert)};
const struct cap_kind cap_kind_info = {info_children, CAP_INFO_CHILDREN, sizeof(struct cap_info)};
const struct cap_kind cap_kind_resource = {resource_children, CAP_RESOURCE_CHILDREN,
					   sizeof(struct cap_resource)};
const struct cap_kind cap_kind_area = {area_children, CAP_AREA_CHILDREN, sizeof(struct cap_area)};
const struct cap_kind cap_kind_pair = {pair_children, CAP_PAIR_CHILDREN, sizeof(struct cap_pair)};

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
		if (kind->children[at].name.n == name.n &&
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
