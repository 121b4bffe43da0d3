/*
 * idlist.h — a set of persons as a short run of bytes: the ids in ascending
 * order, the first as it is, then the differences, each as LEB128 (seven bits
 * a byte, least significant first, the top bit set on all but the last). Pure.
 *
 * Ids are positive and no id occurs twice.
 */
#ifndef PEOPLE_IDLIST_H
#define PEOPLE_IDLIST_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct buf;

#define IDLIST_BYTES_MAX 9 /* of one id: 63 bits */

/* Append the list. Ids that are not positive and ascending are a bug. */
void idlist_add(struct buf *, const int64_t *ids, size_t n);

/* Read a whole list of at most `max` ids. RC_SYNTAX: not of this form; RC_LIMIT:
 * more than max. ret and *ret_n are written on success only as a whole: ret may
 * hold some ids after a failure. */
enum rc idlist_read(int64_t *ret, size_t max, size_t *ret_n, struct sv bytes, struct err *) CHECKED;

/* The number of ids in a well-formed list. */
size_t idlist_count(struct sv bytes);

#endif
