/*
 * lockfile.c — flock on a small file with a random name in it.
 */
#include "delivery/lockfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "crypt/random.h"

/* An empty file, or one cut short by a crash, gets a new name: nobody has used the old one. */
static enum rc
make_name(int fd, char name[LOCKFILE_NAME], struct err *e)
{
	unsigned char bytes[LOCKFILE_NAME / 2];
	struct buf hex;
	enum rc rc;

	crypt_random(bytes, sizeof(bytes));
	buf_init(&hex, LOCKFILE_NAME);
	buf_add_hex(&hex, (struct sv){(const char *)bytes, sizeof(bytes)});
	BUG_ON(hex.n != LOCKFILE_NAME);
	memcpy(name, hex.p, LOCKFILE_NAME);
	buf_fini(&hex);
	if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0)
		return err_errno(e, RC_IO, "the name cannot be written");
	rc = file_write_all(fd, (struct sv){name, LOCKFILE_NAME}, e);
	if (rc == RC_OK && fsync(fd) != 0)
		rc = err_errno(e, RC_IO, "the name cannot be written");
	return rc;
}

static enum rc
read_name(struct lockfile *l, struct err *e)
{
	ssize_t n = pread(l->fd, l->name, LOCKFILE_NAME, 0);

	l->name[LOCKFILE_NAME] = '\0';
	if (n < 0)
		return err_errno(e, RC_IO, "cannot be read");
	if (n < LOCKFILE_NAME)
		return make_name(l->fd, l->name, e);
	if (strspn(l->name, "0123456789abcdef") != LOCKFILE_NAME)
		return err_set(e, RC_SYNTAX, "not a lock file of ours (expected %d hex digits)",
			       LOCKFILE_NAME);
	return RC_OK;
}

enum rc
lockfile_open(struct lockfile *ret, const char *path, struct err *e)
{
	struct lockfile l = {-1, ""};
	enum rc rc;

	l.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (l.fd < 0) {
		rc = err_errno(e, RC_IO, "cannot be opened");
	} else if (flock(l.fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK)
			rc = err_set(e, RC_CONFLICT,
				     "another dispatcher is running on this folder");
		else
			rc = err_errno(e, RC_IO, "cannot be locked");
	} else {
		rc = read_name(&l, e);
	}
	if (rc != RC_OK) {
		lockfile_close(&l);
		return err_in(e, rc, path);
	}
	*ret = l;
	return RC_OK;
}

void
lockfile_close(struct lockfile *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}
