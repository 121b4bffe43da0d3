/*
 * cap_choose.c — see cap_choose.h.
 */
#include "cap/cap_choose.h"
#include "base/buf.h"
#include "cap/cap_language.h"

static bool
is_separator(char c)
{
	return c == ';' || c == ',';
}

/* Take the next of the reader's languages; false at the end. */
static bool
next_wish(struct sv *rest, struct sv *ret)
{
	size_t i = 0;

	while (rest->n > 0) {
		for (i = 0; i < rest->n && !is_separator(rest->p[i]); i++)
			;
		*ret = sv_trim(sv_head(*rest, i));
		*rest = sv_from(*rest, i + 1);
		if (ret->n > 0)
			return true;
	}
	return false;
}

static bool
find_tag(const struct cap_alert *alert, struct sv tag, size_t *ret)
{
	struct cap_tag own;
	size_t i;

	for (i = 0; i < alert->n_infos; i++) {
		if (cap_tag_of(&own, cap_language(&alert->infos[i])) &&
		    sv_eq(cap_tag_sv(&own), tag)) {
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
look_up(const struct cap_alert *alert, const struct cap_tag *wish, struct cap_choice *c)
{
	struct sv tag = cap_tag_sv(wish);

	for (; tag.n > 0; tag = shorter(tag)) {
		if (find_tag(alert, tag, &c->index)) {
			c->reason = tag.n == wish->n ? CAP_CHOICE_EXACT : CAP_CHOICE_LOOKUP;
			return true;
		}
	}
	return false;
}

/* How near an info is to a wish of its own family; 0: of another language. */
static int
nearness(const struct cap_tag *own, const struct cap_tag *wish)
{
	if (!sv_eq(cap_tag_family(own), cap_tag_family(wish)))
		return 0;
	return 1 + 2 * sv_eq(cap_tag_script(own), cap_tag_script(wish)) +
	       sv_eq(cap_tag_primary(own), cap_tag_primary(wish));
}

/* The nearest info of the same primary subtag, of equals the first. */
static bool
find_primary(const struct cap_alert *alert, const struct cap_tag *wish, struct cap_choice *c)
{
	struct cap_tag own;
	int best = 0, near;
	size_t i;

	for (i = 0; i < alert->n_infos; i++) {
		if (!cap_tag_of(&own, cap_language(&alert->infos[i])))
			continue;
		near = nearness(&own, wish);
		if (near > best) {
			best = near;
			c->index = i;
			c->reason = near > 2 ? CAP_CHOICE_PRIMARY : CAP_CHOICE_OTHER_SCRIPT;
		}
	}
	return best > 0;
}

/* Lookup cuts zh-TW to zh, which is as a rule in the other script: of what it would find and
 * an info in the script wanted, the latter. */
static bool
find_for(const struct cap_alert *alert, const struct cap_tag *wish, struct cap_choice *c)
{
	struct cap_choice near = *c;
	struct cap_tag own;

	if (!look_up(alert, wish, c))
		return find_primary(alert, wish, c);
	if (cap_tag_of(&own, cap_language(&alert->infos[c->index])) &&
	    !sv_eq(cap_tag_script(&own), cap_tag_script(wish)) &&
	    find_primary(alert, wish, &near) && near.reason == CAP_CHOICE_PRIMARY)
		*c = near;
	return true;
}

static void
choose(struct cap_choice *c, const struct cap_alert *alert, struct sv languages)
{
	struct cap_tag tag;
	struct sv wish;

	while (next_wish(&languages, &wish)) {
		c->wish_number++;
		if (!cap_tag_of(&tag, wish))
			continue;
		if (find_for(alert, &tag, c)) {
			c->wish = wish;
			return;
		}
	}
	c->wish_number = 0;
	if (cap_tag_of(&tag, SV("en")) && find_primary(alert, &tag, c)) {
		c->reason = CAP_CHOICE_ENGLISH;
		return;
	}
	c->reason = CAP_CHOICE_FIRST;
	c->index = 0;
}

struct cap_choice
cap_choose_language(const struct cap_alert *alert, struct sv languages)
{
	struct cap_choice c = {.reason = CAP_CHOICE_NO_INFO};

	if (alert->n_infos == 0)
		return c;
	choose(&c, alert, languages);
	c.language = cap_language(&alert->infos[c.index]);
	return c;
}

bool
cap_choice_shows(const struct cap_alert *alert, const struct cap_choice *c, size_t i)
{
	return i < alert->n_infos && cap_language_same(cap_language(&alert->infos[i]), c->language);
}

bool
cap_choice_is_fallback(const struct cap_choice *c)
{
	return c->reason == CAP_CHOICE_ENGLISH || c->reason == CAP_CHOICE_FIRST;
}

const char *
cap_choice_name(enum cap_choice_reason reason)
{
	static const char *const names[] = {
#define X(name, text) text,
		CAP_CHOICE_REASONS(X)
#undef X
	};

	return names[reason];
}

void
cap_choice_say(struct buf *b, const struct cap_choice *c)
{
	switch (c->reason) {
	case CAP_CHOICE_EXACT:
		buf_addf(b, "%.*s, because it was asked for", SV_ARG(c->language));
		break;
	case CAP_CHOICE_LOOKUP:
		buf_addf(b, "%.*s, because %.*s was asked for and this covers it",
			 SV_ARG(c->language), SV_ARG(c->wish));
		break;
	case CAP_CHOICE_PRIMARY:
		buf_addf(b,
			 "%.*s, because %.*s was asked for and this is the nearest text of "
			 "the same language",
			 SV_ARG(c->language), SV_ARG(c->wish));
		break;
	case CAP_CHOICE_OTHER_SCRIPT:
		buf_addf(
			b,
			"%.*s, because %.*s was asked for and this is the same language in another "
			"script",
			SV_ARG(c->language), SV_ARG(c->wish));
		break;
	case CAP_CHOICE_ENGLISH:
		buf_addf(b,
			 "%.*s, because the alert has none of the languages asked for and this "
			 "is English",
			 SV_ARG(c->language));
		break;
	case CAP_CHOICE_FIRST:
		buf_addf(b,
			 "%.*s, because the alert has neither a language asked for nor English "
			 "and this is its first",
			 SV_ARG(c->language));
		break;
	case CAP_CHOICE_NO_INFO:
		buf_adds(b, "none, because the alert has no info block");
		break;
	}
}

size_t
cap_choose_info(const struct cap_alert *alert, struct sv languages)
{
	return cap_choose_language(alert, languages).index;
}
