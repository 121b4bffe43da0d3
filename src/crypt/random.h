/*
 * random.h — random bytes for secrets, from the kernel.
 */
#ifndef CRYPT_RANDOM_H
#define CRYPT_RANDOM_H

#include <stddef.h>

struct crypt_key;

void crypt_random(void *p, size_t n);
void crypt_random_key(struct crypt_key *ret);

#endif
