/*
 * err.c — see err.h. Sentences are cut, never lost: a long one ends in "…".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/sv.h"
#include "base/utf8.h"

const char *
rc_name(enum rc rc)
{
	static const char *const names[] = {
#define X(name, text) text,
		RC_LIST(X)
#undef X
	};

	return (size_t)rc < ARRAY_LEN(names) ? names[rc] : "unknown";
}

/* vsnprintf cut the text at a byte; end it at a character. */
static void
end_whole(struct err *e, int written)
{
	static const char dots[] = "\xe2\x80\xa6";
	struct sv text;

	if (written < 0) {
		e->text[0] = '\0';
		return;
	}
	if ((size_t)written < sizeof(e->text))
		return;
	text = utf8_cut((struct sv){e->text, sizeof(e->text) - 1}, sizeof(e->text) - sizeof(dots));
	memcpy(e->text + text.n, dots, sizeof(dots));
}

static void
set_text(struct err *e, const char *fmt, va_list args)
{
	end_whole(e, vsnprintf(e->text, sizeof(e->text), fmt, args));
}

enum rc
err_set(struct err *e, enum rc rc, const char *fmt, ...)
{
	va_list args;

	if (e == NULL)
		return rc;
	e->rc = rc;
	va_start(args, fmt);
	set_text(e, fmt, args);
	va_end(args);
	return rc;
}

enum rc
err_in(struct err *e, enum rc rc, const char *where)
{
	char old[ERR_TEXT];

	if (e == NULL)
		return rc;
	memcpy(old, e->text, sizeof(old));
	e->rc = rc;
	end_whole(e, snprintf(e->text, sizeof(e->text), "%s: %s", where, old));
	return rc;
}

enum rc
err_errno(struct err *e, enum rc rc, const char *fmt, ...)
{
	int saved = errno;
	char reason[128];
	va_list args;
	size_t n;

	if (e == NULL)
		return rc;
	e->rc = rc;
	va_start(args, fmt);
	set_text(e, fmt, args);
	va_end(args);
	if (strerror_r(saved, reason, sizeof(reason)) != 0)
		snprintf(reason, sizeof(reason), "error %d", saved);
	n = strlen(e->text);
	end_whole(e, (int)n + snprintf(e->text + n, sizeof(e->text) - n, ": %s", reason));
	return rc;
}

void
bug_at(const char *file, int line, const char *what)
{
	fprintf(stderr, "tocsin: bug at %s:%d: %s\n", file, line, what);
	abort();
}
