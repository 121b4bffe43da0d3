/*
 * message_code.h — the short code of a published message, to be printed, read out and typed.
 *
 * The first 60 bits of SHA-256 over the exact bytes that were published, most
 * significant first, in Crockford's base 32 (digits and letters without I, L, O
 * and U), in three groups of four: "3F7K-9Q2M-X0TB". It finds a message among
 * those somebody published; it proves nothing by itself, because 60 bits can be
 * met by who searches long enough. What proves is the signature.
 */
#ifndef CRYPT_MESSAGE_CODE_H
#define CRYPT_MESSAGE_CODE_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/sv.h"

#define MESSAGE_CODE 15 /* characters and the NUL */

void crypt_message_code(struct sv bytes, char ret[MESSAGE_CODE]);

/* What a person typed, in the one form above. Forgiven: case, white space, hyphens
 * and dashes anywhere, O for 0, I and L for 1. False, with ret untouched, when
 * that is not twelve digits of the alphabet. */
bool crypt_message_code_parse(struct sv text, char ret[MESSAGE_CODE]) CHECKED;

#endif
