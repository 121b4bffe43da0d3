/*
 * table.c — the channels there are, and the thin calls into them.
 */
#include "delivery/channel/channel.h"

static const struct channel_kind *const kinds[] = {
	&channel_smtp,
	&channel_file,
};

static const char *const verdicts[] = {
#define X(name, text) text,
	CHANNEL_VERDICTS(X)
#undef X
};

const char *
channel_verdict_name(enum channel_verdict v)
{
	BUG_ON((unsigned)v >= ARRAY_LEN(verdicts));
	return verdicts[v];
}

const struct channel_kind *
channel_kind_at(size_t i)
{
	return i < ARRAY_LEN(kinds) ? kinds[i] : NULL;
}

const struct channel_kind *
channel_find(struct sv name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(kinds); i++)
		if (sv_eq(sv_of(kinds[i]->name), name))
			return kinds[i];
	return NULL;
}

enum rc
channel_open(struct channel_out **ret, const struct channel_kind *kind, struct loop *loop,
	     const struct channel_settings *s, const struct channel_events *ev, void *arg,
	     struct err *e)
{
	enum rc rc = kind->open(ret, loop, s, ev, arg, e);

	return rc == RC_OK ? rc : err_in(e, rc, s->name);
}

size_t
channel_room(const struct channel_out *c)
{
	return c->room(c);
}

void
channel_send(struct channel_out *c, struct channel_message *m)
{
	BUG_ON(c->room(c) == 0);
	c->send(c, m);
}

void
channel_quit(struct channel_out *c)
{
	c->quit(c);
}

void
channel_close(struct channel_out **cp)
{
	if (*cp != NULL)
		(*cp)->close(cp);
}
