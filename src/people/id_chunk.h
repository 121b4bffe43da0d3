/*
 * id_chunk.h — for files of this room: asking for many ids by a statement with a
 * fixed number of parameters, so that the text stays constant and the round
 * trips few.
 */
#ifndef PEOPLE_ID_CHUNK_H
#define PEOPLE_ID_CHUNK_H

#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

#define ID_CHUNK 32
/* "… IN " ID_PARAMS */
#define ID_PARAMS                                                  \
	"(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16," \
	"?17,?18,?19,?20,?21,?22,?23,?24,?25,?26,?27,?28,?29,?30,?31,?32)"

/* Fill args with the next ids, the last one repeated; returns how many were taken. */
static inline size_t
id_chunk(struct store_arg args[ID_CHUNK], const int64_t *ids, size_t n)
{
	size_t i;

	for (i = 0; i < ID_CHUNK; i++)
		args[i] = ARG_INT(ids[i < n ? i : n - 1]);
	return n < ID_CHUNK ? n : ID_CHUNK;
}

#endif
