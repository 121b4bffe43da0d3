/*
 * role.c — see role.h.
 */
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "cmd/role.h"

static const struct role_kind *const kinds[] = {&role_keys, &role_dispatch, &role_watch, &role_web};

const struct role_kind *
role_at(size_t i)
{
	return i < ARRAY_LEN(kinds) ? kinds[i] : NULL;
}

const struct role_kind *
role_find(struct sv name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(kinds); i++)
		if (sv_eq(name, sv_of(kinds[i]->name)))
			return kinds[i];
	return NULL;
}

void
role_ready(struct role_context *c, const char *text)
{
	struct buf line = BUF_INIT(1024);
	struct err e = ERR_INIT;

	if (c->ready_fd < 0)
		return;
	buf_addf(&line, "%s\n", text);
	/* A supervisor that is gone needs no word. */
	if (file_write_all(c->ready_fd, buf_sv(&line), &e) == RC_OK)
		close(c->ready_fd);
	c->ready_fd = -1;
	buf_fini(&line);
}
