/*
 * loop_int.h — the libuv loop inside, for the sessions of this room.
 */
#ifndef NET_LOOP_INT_H
#define NET_LOOP_INT_H

#include <uv.h>

struct loop;

uv_loop_t *loop_uv(struct loop *);

#endif
