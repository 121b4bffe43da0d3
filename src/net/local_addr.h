/*
 * local_addr.h — the address of a Unix socket, checked. For this room only.
 */
#ifndef NET_LOCAL_ADDR_H
#define NET_LOCAL_ADDR_H

#include <sys/un.h>

#include "base/compiler.h"
#include "base/err.h"

/* RC_LIMIT when path does not fit. */
enum rc local_addr(struct sockaddr_un *ret, const char *path, struct err *) CHECKED;

/* Milliseconds of a time limit that are left at `until` (time_mono_ms); at least 0. -1 stays -1. */
int local_left_ms(int timeout_ms, long long until);

#endif
