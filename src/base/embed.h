/*
 * embed.h — files that tools/embed put into the program.
 */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

/* A table of these ends with an entry whose name is NULL. The data is followed
 * by a NUL that size does not count. */
struct embed_file {
	const char *name;
	const unsigned char *data;
	size_t size;
};

#endif
