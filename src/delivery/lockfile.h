/*
 * lockfile.h — one holder at a time, known to be dead when the lock is free.
 *
 * The kernel gives the lock back when its process ends, however it ends. The
 * file holds a random name, made once, so that two folders on two hosts never
 * have the same.
 */
#ifndef DELIVERY_LOCKFILE_H
#define DELIVERY_LOCKFILE_H

#include "base/compiler.h"
#include "base/err.h"

#define LOCKFILE_NAME 32 /* hex digits */

struct lockfile {
	int fd;
	char name[LOCKFILE_NAME + 1];
};

/* RC_CONFLICT when somebody holds it; RC_IO; RC_SYNTAX when the file holds something else. */
enum rc lockfile_open(struct lockfile *ret, const char *path, struct err *) CHECKED;
void lockfile_close(struct lockfile *); /* fd -1 is fine */

#endif
