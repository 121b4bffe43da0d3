/*
 * sealer_wire.h — for files of this room: what requests to the role `keys` and its
 * replies look like.
 *
 * Numbers most significant byte first; texts with their length in four bytes. A
 * request is an operation and its arguments; a reply is an enum rc, then the
 * results, or the sentence. Both ends are the same program.
 */
#ifndef PEOPLE_SEALER_WIRE_H
#define PEOPLE_SEALER_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sv.h"

struct buf;

enum wire_op { WIRE_SEAL = 1, WIRE_OPEN, WIRE_HASH, WIRE_FORGET, WIRE_TOMBSTONES, WIRE_HIGHEST };

/* Reading: one that failed stays failed and gives zeroes. */
struct wire {
	struct sv rest;
	bool failed;
};

void wire_add_u8(struct buf *, unsigned);
void wire_add_u32(struct buf *, uint32_t);
void wire_add_i64(struct buf *, int64_t);
void wire_add_text(struct buf *, struct sv);

unsigned wire_u8(struct wire *);
uint32_t wire_u32(struct wire *);
int64_t wire_i64(struct wire *);
struct sv wire_text(struct wire *);
struct sv wire_bytes(struct wire *, size_t n);
/* Everything was read, and nothing is left. */
bool wire_done(const struct wire *);

#endif
