/*
 * box.c — streams encrypted to a public key.
 *
 * The writer gathers CHUNK bytes, then seals them as one message of the
 * stream. An empty file is still one message, the tagged end.
 */
#include "crypt/box.h"

#include <sodium.h>

#include "base/buf.h"
#include "base/mem.h"
#include "crypt/random.h"
#include "crypt/ready.h"

#define MAGIC       "TOCSIN-BOX-1\n"
#define CHUNK       ((size_t)65536)
#define STREAM_KEY  crypto_secretstream_xchacha20poly1305_KEYBYTES
#define STREAM_HEAD crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define STREAM_PLUS crypto_secretstream_xchacha20poly1305_ABYTES
#define SEALED_KEY  (STREAM_KEY + crypto_box_SEALBYTES)

static const char public_prefix[] = "tocsin-public-";
static const char secret_prefix[] = "tocsin-secret-";

struct box_writer {
	crypto_secretstream_xchacha20poly1305_state stream;
	box_sink_fn *sink;
	void *arg;
	size_t n;
	unsigned char plain[CHUNK];
	unsigned char sealed[CHUNK + STREAM_PLUS];
};

void
box_make_pair(struct buf *public_text, struct buf *secret_text)
{
	struct crypt_key pk, sk;

	ready_sodium();
	BUG_ON(crypto_box_keypair(pk.b, sk.b) != 0);
	buf_adds(public_text, public_prefix);
	buf_add_hex(public_text, (struct sv){(const char *)pk.b, sizeof(pk.b)});
	buf_adds(secret_text, secret_prefix);
	buf_add_hex(secret_text, (struct sv){(const char *)sk.b, sizeof(sk.b)});
	mem_wipe(&sk, sizeof(sk));
}

static enum rc
parse_key(struct crypt_key *ret, struct sv text, const char *prefix, struct err *e)
{
	struct crypt_key key;
	struct sv hex;
	size_t n = 0;

	ready_sodium();
	text = sv_trim(text);
	if (!sv_starts(text, sv_of(prefix)))
		return err_set(e, RC_SYNTAX, "not a key (expected \"%s\" and 64 hex digits)",
			       prefix);
	hex = sv_from(text, strlen(prefix));
	if (hex.n != 2 * CRYPT_KEY ||
	    sodium_hex2bin(key.b, CRYPT_KEY, hex.p, hex.n, NULL, &n, NULL) != 0 || n != CRYPT_KEY)
		return err_set(e, RC_SYNTAX, "not a key (expected 64 hex digits after \"%s\")",
			       prefix);
	*ret = key;
	return RC_OK;
}

enum rc
box_parse_public(struct crypt_key *ret, struct sv text, struct err *e)
{
	return parse_key(ret, text, public_prefix, e);
}

enum rc
box_parse_secret(struct crypt_key *ret, struct sv text, struct err *e)
{
	return parse_key(ret, text, secret_prefix, e);
}

enum rc
box_writer_open(struct box_writer **ret, const struct crypt_key *public_key, box_sink_fn *sink,
		void *arg, struct err *e)
{
	unsigned char head[sizeof(MAGIC) - 1 + SEALED_KEY + STREAM_HEAD];
	unsigned char key[STREAM_KEY];
	struct box_writer *w;
	enum rc rc;

	ready_sodium();
	w = MEM_NEW(struct box_writer);
	w->sink = sink;
	w->arg = arg;
	memcpy(head, MAGIC, sizeof(MAGIC) - 1);
	crypto_secretstream_xchacha20poly1305_keygen(key);
	if (crypto_box_seal(head + sizeof(MAGIC) - 1, key, sizeof(key), public_key->b) != 0) {
		rc = err_set(e, RC_SYNTAX, "the public key is not a usable one");
		goto out;
	}
	BUG_ON(crypto_secretstream_xchacha20poly1305_init_push(
		       &w->stream, head + sizeof(MAGIC) - 1 + SEALED_KEY, key) != 0);
	rc = sink(arg, (struct sv){(const char *)head, sizeof(head)}, e);
	if (rc != RC_OK)
		goto out;
	*ret = w;
	w = NULL;
out:
	mem_wipe(key, sizeof(key));
	box_writer_free(&w);
	return rc;
}

static enum rc
push(struct box_writer *w, unsigned char tag, struct err *e)
{
	unsigned char length[4];
	unsigned long long n = 0;
	enum rc rc;

	BUG_ON(crypto_secretstream_xchacha20poly1305_push(&w->stream, w->sealed, &n, w->plain, w->n,
							  NULL, 0, tag) != 0);
	w->n = 0;
	length[0] = (unsigned char)((n >> 24) & 0xFF);
	length[1] = (unsigned char)((n >> 16) & 0xFF);
	length[2] = (unsigned char)((n >> 8) & 0xFF);
	length[3] = (unsigned char)(n & 0xFF);
	rc = w->sink(w->arg, (struct sv){(const char *)length, sizeof(length)}, e);
	if (rc != RC_OK)
		return rc;
	return w->sink(w->arg, (struct sv){(const char *)w->sealed, (size_t)n}, e);
}

enum rc
box_write(struct box_writer *w, struct sv bytes, struct err *e)
{
	enum rc rc;

	while (bytes.n > 0) {
		size_t take = CHUNK - w->n < bytes.n ? CHUNK - w->n : bytes.n;

		memcpy(w->plain + w->n, bytes.p, take);
		w->n += take;
		bytes = sv_from(bytes, take);
		if (w->n < CHUNK)
			break;
		rc = push(w, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, e);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

enum rc
box_finish(struct box_writer *w, struct err *e)
{
	return push(w, crypto_secretstream_xchacha20poly1305_TAG_FINAL, e);
}

void
box_writer_free(struct box_writer **w)
{
	if (*w != NULL)
		mem_wipe(*w, sizeof(**w));
	MEM_FREE(w);
}

/* The stream key of the head; *rest is left at the first chunk. */
static enum rc
read_head(crypto_secretstream_xchacha20poly1305_state *ret, struct sv *rest,
	  const struct crypt_key *secret_key, struct err *e)
{
	const unsigned char *p = (const unsigned char *)rest->p;
	unsigned char public_key[CRYPT_KEY], key[STREAM_KEY];
	enum rc rc = RC_OK;

	if (rest->n < sizeof(MAGIC) - 1 + SEALED_KEY + STREAM_HEAD || !sv_starts(*rest, SV(MAGIC)))
		return err_set(e, RC_SYNTAX,
			       "not an encrypted export (expected \"TOCSIN-BOX-1\" "
			       "at its beginning)");
	p += sizeof(MAGIC) - 1;
	if (crypto_scalarmult_base(public_key, secret_key->b) != 0 ||
	    crypto_box_seal_open(key, p, SEALED_KEY, public_key, secret_key->b) != 0)
		rc = err_set(e, RC_DENIED, "encrypted to another key");
	else if (crypto_secretstream_xchacha20poly1305_init_pull(ret, p + SEALED_KEY, key) != 0)
		rc = err_set(e, RC_DENIED, "the head was changed");
	mem_wipe(key, sizeof(key));
	*rest = sv_from(*rest, sizeof(MAGIC) - 1 + SEALED_KEY + STREAM_HEAD);
	return rc;
}

enum rc
box_read(struct sv file, const struct crypt_key *secret_key, box_sink_fn *sink, void *arg,
	 struct err *e)
{
	crypto_secretstream_xchacha20poly1305_state stream;
	unsigned char *plain = NULL;
	unsigned char tag = 0;
	enum rc rc;

	ready_sodium();
	rc = read_head(&stream, &file, secret_key, e);
	if (rc != RC_OK)
		return rc;
	plain = mem_alloc(CHUNK);
	while (tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
		const unsigned char *p = (const unsigned char *)file.p;
		unsigned long long got = 0;
		size_t n;

		if (file.n < 4) {
			rc = err_set(e, RC_SYNTAX, "the file is cut: its end is missing");
			goto out;
		}
		n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
		if (n < STREAM_PLUS || n > CHUNK + STREAM_PLUS || n > file.n - 4) {
			rc = err_set(e, RC_SYNTAX, "the file is cut or damaged");
			goto out;
		}
		if (crypto_secretstream_xchacha20poly1305_pull(&stream, plain, &got, &tag, p + 4, n,
							       NULL, 0) != 0) {
			rc = err_set(e, RC_DENIED, "the file was changed");
			goto out;
		}
		rc = sink(arg, (struct sv){(const char *)plain, (size_t)got}, e);
		if (rc != RC_OK)
			goto out;
		file = sv_from(file, 4 + n);
	}
	if (file.n > 0)
		rc = err_set(e, RC_SYNTAX, "%zu bytes after the end", file.n);
out:
	mem_wipe(plain, CHUNK);
	mem_free(plain);
	mem_wipe(&stream, sizeof(stream));
	return rc;
}
