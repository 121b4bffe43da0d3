/*
 * cap.c — small questions that everybody asks of a message. Pure.
 */
#include "cap/cap.h"

struct sv
cap_parameter(const struct cap_info *info, struct sv name)
{
	size_t i;

	for (i = 0; i < info->parameters.n; i++) {
		if (sv_eq(info->parameters.v[i].name, name))
			return info->parameters.v[i].value;
	}
	return SV_NONE;
}

struct sv
cap_language(const struct cap_info *info)
{
	return info->language.n == 0 ? SV(CAP_NO_LANG) : info->language;
}

#define X(id, text) text,

const char *
cap_status_name(enum cap_status s)
{
	static const char *const names[] = {"", CAP_STATUSES(X)};

	BUG_ON((size_t)s >= ARRAY_LEN(names));
	return names[s];
}

const char *
cap_msgtype_name(enum cap_msgtype t)
{
	static const char *const names[] = {"", CAP_MSGTYPES(X)};

	BUG_ON((size_t)t >= ARRAY_LEN(names));
	return names[t];
}

const char *
cap_scope_name(enum cap_scope s)
{
	static const char *const names[] = {"", CAP_SCOPES(X)};

	BUG_ON((size_t)s >= ARRAY_LEN(names));
	return names[s];
}

const char *
cap_version_name(enum cap_version v)
{
	static const char *const names[] = {CAP_VERSIONS_LIST(X)};

	BUG_ON((size_t)v >= ARRAY_LEN(names));
	return names[v];
}

#undef X
