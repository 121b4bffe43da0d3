/*
 * key.h — a 256-bit secret as a plain value. Whoever holds one wipes it
 * (mem_wipe) before the storage is given up.
 */
#ifndef CRYPT_KEY_H
#define CRYPT_KEY_H

#define CRYPT_KEY 32

struct crypt_key {
	unsigned char b[CRYPT_KEY];
};

#endif
