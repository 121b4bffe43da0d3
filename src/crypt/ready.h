/*
 * ready.h — for files of this room: the libraries are set up once, whoever
 * comes first. An unusable random source ends the process.
 */
#ifndef CRYPT_READY_H
#define CRYPT_READY_H

void ready_sodium(void);

#endif
