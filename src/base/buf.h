/*
 * buf.h — bytes that grow, up to a maximum that the owner names.
 *
 * A buf that would pass its maximum fails and stays failed: append freely and
 * ask once, with buf_ok or buf_check. A failed buf is empty. What it holds is always followed by a
 * NUL that is not counted.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct buf {
	char *p;
	size_t n;
	size_t cap;
	size_t max;
	bool failed;
};

#define BUF_INIT(max)                    \
	{                                \
		NULL, 0, 0, (max), false \
	}

void buf_init(struct buf *, size_t max);
void buf_fini(struct buf *);  /* releases; usable again, with the same max */
void buf_reset(struct buf *); /* empties and forgives; keeps the memory */

void buf_add(struct buf *, struct sv);
void buf_adds(struct buf *, const char *s);
void buf_addc(struct buf *, char);
void buf_addf(struct buf *, const char *fmt, ...) PRINTF(2, 3);
void buf_add_i64(struct buf *, int64_t);
void buf_add_u64(struct buf *, uint64_t);
void buf_add_fill(struct buf *, char, size_t n);
void buf_add_hex(struct buf *, struct sv bytes); /* lower case */
void buf_cut(struct buf *, size_t n);            /* keep the first n bytes */

/* Room for n more bytes to be written by the caller, who then calls buf_commit with
 * what was used; NULL when it would pass the maximum. */
char *buf_room(struct buf *, size_t n) CHECKED;
void buf_commit(struct buf *, size_t n);

struct sv buf_sv(const struct buf *);
const char *buf_str(const struct buf *); /* NUL-terminated, never NULL */
bool buf_ok(const struct buf *);

/* RC_OK, or RC_LIMIT with a sentence that names what was being made. */
enum rc buf_check(const struct buf *, const char *what, struct err *) CHECKED;

#endif
