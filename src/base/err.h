/*
 * err.h — what went wrong outside, as one code and one sentence.
 *
 * The place that first sees a failure writes the sentence (what, where, what
 * was expected); callers may put in front of it where they were. A bug is not
 * an error: BUG_ON stops the process, in every build.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/compiler.h"

#define RC_LIST(X)                                                   \
	X(OK, "ok")                                                  \
	X(IO, "io")             /* disk, store or network failed */  \
	X(SYNTAX, "syntax")     /* not of the expected form */       \
	X(LIMIT, "limit")       /* larger than we accept */          \
	X(NOTFOUND, "notfound") /* no such thing, or no more */      \
	X(CONFLICT, "conflict") /* the state forbids it now */       \
	X(DENIED, "denied")     /* not allowed to this officer */    \
	X(TIMEOUT, "timeout")   /* a peer or a lock took too long */ \
	X(USAGE, "usage")       /* the command line is wrong */

enum rc {
#define X(name, text) RC_##name,
	RC_LIST(X)
#undef X
};

#define ERR_TEXT 512

struct err {
	enum rc rc;
	char text[ERR_TEXT]; /* NUL-terminated, cut at a whole UTF-8 character */
};

#define ERR_INIT          \
	{                 \
		RC_OK, "" \
	}

/* The short stable name of a code, for logs. */
const char *rc_name(enum rc);

/* Write the sentence; e may be NULL. Returns rc, so that callers can
 * `return err_set(e, RC_SYNTAX, "...")`. */
enum rc err_set(struct err *e, enum rc rc, const char *fmt, ...) PRINTF(3, 4);

/* Put "where: " in front of the sentence. Returns rc. */
enum rc err_in(struct err *e, enum rc rc, const char *where);

/* The same as err_set with the text of errno after the sentence. */
enum rc err_errno(struct err *e, enum rc rc, const char *fmt, ...) PRINTF(3, 4);

NORETURN void bug_at(const char *file, int line, const char *what);

#define BUG_ON(cond)                                       \
	do {                                               \
		if (UNLIKELY(cond))                        \
			bug_at(__FILE__, __LINE__, #cond); \
	} while (0)

#endif
