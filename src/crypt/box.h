/*
 * box.h — a stream of bytes that only the holder of a secret key can read
 * (exports, encrypted to the requester's public key).
 *
 * Form: "TOCSIN-BOX-1\n"; the stream key in a libsodium sealed box (X25519); the
 * stream's header; then chunks, each a four-byte big-endian length and that many
 * bytes of secretstream (XChaCha20-Poly1305), the last one tagged as the end,
 * so that a cut file is noticed.
 */
#ifndef CRYPT_BOX_H
#define CRYPT_BOX_H

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "crypt/key.h"

struct buf;
struct box_writer;

/* A public key as text: "tocsin-public-" and 64 hex digits; a secret one with
 * "tocsin-secret-". */
void box_make_pair(struct buf *public_text, struct buf *secret_text);
/* RC_SYNTAX. */
enum rc box_parse_public(struct crypt_key *ret, struct sv text, struct err *) CHECKED;
enum rc box_parse_secret(struct crypt_key *ret, struct sv text, struct err *) CHECKED;

/* Where the bytes go. */
typedef enum rc box_sink_fn(void *arg, struct sv bytes, struct err *);

/* RC_SYNTAX: the public key is not a usable one. Otherwise what the sink returns. */
enum rc box_writer_open(struct box_writer **ret, const struct crypt_key *public_key, box_sink_fn *,
			void *arg, struct err *) CHECKED;
enum rc box_write(struct box_writer *, struct sv, struct err *) CHECKED;
/* Write the end. Without it the reader says that the file is cut. */
enum rc box_finish(struct box_writer *, struct err *) CHECKED;
void box_writer_free(struct box_writer **);

/* Decrypt a whole file to the sink, chunk by chunk. RC_SYNTAX: not of this form, or cut;
 * RC_DENIED: encrypted to another key, or changed. */
enum rc box_read(struct sv file, const struct crypt_key *secret_key, box_sink_fn *, void *arg,
		 struct err *) CHECKED;

#endif
