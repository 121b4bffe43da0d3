/*
 * keyfile.c — master key files.
 *
 * The mode is checked on the open descriptor, so that what was checked is what
 * is read.
 */
#include "crypt/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crypt/random.h"
#include "crypt/ready.h"

static const char header[] =
	"# The master key of a Tocsin installation. Who has it can read every\n"
	"# person's details; without it nobody can. Keep it away from the data and\n"
	"# from its backups, readable by the service alone.\n";

enum rc
keyfile_write(const char *path, const struct crypt_key *key, struct err *e)
{
	struct buf text = BUF_INIT(LIMIT_KEY_FILE);
	enum rc rc;

	buf_adds(&text, header);
	buf_add_hex(&text, (struct sv){(const char *)key->b, sizeof(key->b)});
	buf_addc(&text, '\n');
	rc = file_create(path, buf_sv(&text), 0600, e);
	mem_wipe(text.p, text.cap);
	buf_fini(&text);
	return rc;
}

enum rc
keyfile_make(const char *path, struct err *e)
{
	struct crypt_key key;
	enum rc rc;

	crypt_random_key(&key);
	rc = keyfile_write(path, &key, e);
	mem_wipe(&key, sizeof(key));
	return rc;
}

static enum rc
parse_key(struct crypt_key *ret, struct sv text, struct err *e)
{
	struct sv_split lines = sv_split_of(text, '\n');
	struct sv line;
	bool found = false;
	unsigned number = 0;

	while (sv_split_next(&lines, &line)) {
		size_t n = 0;

		number++;
		line = sv_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (found)
			return err_set(e, RC_SYNTAX,
				       "line %u: more text after the key (expected one line of 64 "
				       "hex digits)",
				       number);
		if (line.n != 2 * CRYPT_KEY ||
		    sodium_hex2bin(ret->b, CRYPT_KEY, line.p, line.n, NULL, &n, NULL) != 0 ||
		    n != CRYPT_KEY)
			return err_set(e, RC_SYNTAX,
				       "line %u: not a key (expected one line of 64 hex digits)",
				       number);
		found = true;
	}
	return found ? RC_OK
		     : err_set(e, RC_SYNTAX, "no key in it (expected one line of 64 hex digits)");
}

/* The whole of an open file, at most cap bytes. */
static enum rc
read_open(int fd, char *p, size_t cap, size_t *ret_n, struct err *e)
{
	size_t n = 0;

	while (n < cap) {
		ssize_t got = read(fd, p + n, cap - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(e, RC_IO, "cannot be read");
		if (got == 0)
			break;
		n += (size_t)got;
	}
	*ret_n = n;
	return RC_OK;
}

enum rc
keyfile_read(struct crypt_key *ret, const char *path, struct err *e)
{
	struct crypt_key key = {{0}};
	struct stat st;
	char text[4096];
	size_t n = 0;
	enum rc rc;
	int fd;

	ready_sodium();
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_errno(e, errno == ENOENT ? RC_NOTFOUND : RC_IO,
				 "key file %s: cannot be opened", path);
	if (fstat(fd, &st) != 0) {
		rc = err_errno(e, RC_IO, "cannot be read");
		goto out;
	}
	if (!S_ISREG(st.st_mode)) {
		rc = err_set(e, RC_SYNTAX, "not a regular file");
		goto out;
	}
	if ((st.st_mode & 077) != 0) {
		rc = err_set(e, RC_DENIED,
			     "its mode is %04o, so that others than its owner can use it (expected "
			     "0600: chmod 600 and consider the key known)",
			     (unsigned)(st.st_mode & 07777));
		goto out;
	}
	rc = read_open(fd, text, sizeof(text), &n, e);
	if (rc == RC_OK && n == sizeof(text))
		rc = err_set(e, RC_LIMIT, "larger than a key file can be (%zu bytes)",
			     sizeof(text) - 1);
	if (rc == RC_OK)
		rc = parse_key(&key, (struct sv){text, n}, e);
	if (rc == RC_OK)
		*ret = key;
out:
	(void)close(fd);
	mem_wipe(text, sizeof(text));
	mem_wipe(&key, sizeof(key));
	if (rc != RC_OK) {
		(void)err_in(e, rc, path);
		(void)err_in(e, rc, "key file");
	}
	return rc;
}

void
keyfile_derive(struct crypt_subkeys *ret, const struct crypt_key *master)
{
	/* The context and the numbers are part of the stored data's form. */
	static const char context[crypto_kdf_CONTEXTBYTES] = {'t', 'o', 'c', 's',
							      'i', 'n', '-', '1'};

	_Static_assert(CRYPT_KEY == crypto_kdf_KEYBYTES, "key size");
	ready_sodium();
	BUG_ON(crypto_kdf_derive_from_key(ret->wrap.b, CRYPT_KEY, 1, context, master->b) != 0);
	BUG_ON(crypto_kdf_derive_from_key(ret->lookup.b, CRYPT_KEY, 2, context, master->b) != 0);
	BUG_ON(crypto_kdf_derive_from_key(ret->link.b, CRYPT_KEY, 3, context, master->b) != 0);
}
