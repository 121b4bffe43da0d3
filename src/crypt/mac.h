/*
 * mac.h — a short proof that we made a text (personal links): 128 bits as 22
 * url-safe characters, keyed, with a domain as in keyed_hash.h.
 */
#ifndef CRYPT_MAC_H
#define CRYPT_MAC_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/sv.h"

struct buf;
struct crypt_key;

#define MAC_CHARS 22

void mac_add(struct buf *, const struct crypt_key *, const char *domain, struct sv text);
/* Takes the same time wherever the difference lies. */
bool mac_ok(const struct crypt_key *, const char *domain, struct sv text, struct sv mac) CHECKED;

#endif
