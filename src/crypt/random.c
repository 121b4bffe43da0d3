/*
 * random.c — the random source, and setting libsodium up once.
 */
#include "crypt/random.h"

#include <pthread.h>
#include <sodium.h>

#include "base/err.h"
#include "crypt/key.h"
#include "crypt/ready.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
sodium_once(void)
{
	BUG_ON(sodium_init() < 0);
}

void
ready_sodium(void)
{
	BUG_ON(pthread_once(&once, sodium_once) != 0);
}

void
crypt_random(void *p, size_t n)
{
	ready_sodium();
	randombytes_buf(p, n);
}

void
crypt_random_key(struct crypt_key *ret)
{
	crypt_random(ret->b, sizeof(ret->b));
}
