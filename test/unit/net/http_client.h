/*
 * http_client.h — requests written byte by byte, so that they can be wrong.
 */
#ifndef TEST_HTTP_CLIENT_H
#define TEST_HTTP_CLIENT_H

#include <stdbool.h>

#include "base/buf.h"
#include "net/http_server.h"

#define PATIENCE_MS 10000

/* The ends of most requests. */
#define END  "Connection: close\r\n\r\n"
#define HOST "Host: a\r\n"

struct http_server *start(const struct http_settings *, http_handler_fn *);
int dial(const struct http_server *);

/* Errors do not count: the server may have closed already. */
void say(int fd, struct sv);

/* True when the peer closed within PATIENCE_MS. */
bool read_to_end(int fd, struct buf *out);

/* One request on a connection of its own, and all that comes back. */
void ask(const struct http_server *, struct sv request, struct buf *out);

/* One answer's head off a kept connection, and n_body bytes behind it. */
void read_answer(int fd, struct buf *out, size_t n_body);

/* Sends a byte of text now and then until the server closes; false when it did
 * not within PATIENCE_MS. */
bool drip(int fd, struct sv text);

bool holds(const struct buf *, const char *what);

#endif
