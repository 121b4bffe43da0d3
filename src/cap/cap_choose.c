/*
 * cap_choose.c — see cap_choose.h.
 */
#include "cap/cap_choose.h"

static bool
find_tag(const struct cap_alert *alert, struct sv tag, size_t *ret)
{
	size_t i;

	for (i = 0; i < alert->n_infos; i++) {
		if (sv_eq_nocase(cap_language(&alert->infos[i]), tag)) {
			*ret = i;
			return true;
		}
	}
	return false;
}

static struct sv
primary(struct sv tag)
{
	return sv_head(tag, sv_find_char(tag, '-'));
}

static bool
find_primary(const struct cap_alert *alert, struct sv tag, size_t *ret)
{
	size_t i;

	for (i = 0; i < alert->n_infos; i++) {
		if (sv_eq_nocase(primary(cap_language(&alert->infos[i])), primary(tag))) {
			*ret = i;
			return true;
		}
	}
	return false;
}

/* RFC 4647, 3.4: drop subtags from the end, and a single letter that is then last. */
static struct sv
shorter(struct sv tag)
{
	size_t n = tag.n;

	while (n > 0 && tag.p[n - 1] != '-')
		n--;
	if (n == 0)
		return SV_NONE;
	tag = sv_head(tag, n - 1);
	if (tag.n >= 2 && tag.p[tag.n - 2] == '-')
		tag = sv_head(tag, tag.n - 2);
	return tag;
}

static bool
look_up(const struct cap_alert *alert, struct sv tag, size_t *ret)
{
	for (; tag.n > 0; tag = shorter(tag))
		if (find_tag(alert, tag, ret))
			return true;
	return false;
}

size_t
cap_choose_info(const struct cap_alert *alert, struct sv languages)
{
	struct sv_split split = sv_split_of(languages, ';');
	struct sv tag;
	size_t found = 0;

	while (sv_split_next(&split, &tag)) {
		tag = sv_trim(tag);
		if (tag.n == 0)
			continue;
		if (look_up(alert, tag, &found) || find_primary(alert, tag, &found))
			return found;
	}
	if (find_primary(alert, SV("en"), &found))
		return found;
	return 0;
}
