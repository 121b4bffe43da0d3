/*
 * sample.h — people that do not exist, for practice, tests and measurements. Pure:
 * the same seed, number and day give the same bytes.
 *
 * Addresses end in example.org and its like (RFC 2606) and phones lie in ranges
 * kept free for fiction, so that nothing is ever sent to anybody by mistake.
 */
#ifndef PEOPLE_SAMPLE_H
#define PEOPLE_SAMPLE_H

#include <stdint.h>

struct buf;

void sample_header(struct buf *);

/* Append the lines of person i (from 0): one to three stays, around `day`. */
void sample_person(struct buf *, uint64_t seed, uint64_t i, int32_t day);

#endif
