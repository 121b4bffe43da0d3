/*
 * file.c — see file.h. Order of a durable write: temporary file, fsync,
 * rename (or link), fsync of the folder.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"

#define PATH_LENGTH 4096

static enum rc
too_large(const struct buf *b, const char *path, struct err *e)
{
	return err_set(e, RC_LIMIT, "%s: larger than %zu bytes, refused unread", path, b->max);
}

static enum rc
read_fd(struct buf *b, int fd, const char *path, struct err *e)
{
	for (;;) {
		/* One byte past the maximum is asked for, to tell full from too large. */
		size_t left = b->max - b->n;
		size_t want = left < 64 * KIB ? left : 64 * KIB;
		char *room = buf_room(b, want);
		char extra;
		ssize_t n;

		BUG_ON(room == NULL);
		n = want > 0 ? read(fd, room, want) : read(fd, &extra, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, RC_IO, "%s: cannot be read", path);
		if (n == 0)
			return RC_OK;
		if (want == 0)
			return too_large(b, path, e);
		buf_commit(b, (size_t)n);
	}
}

enum rc
file_read(struct buf *b, const char *path, struct err *e)
{
	struct stat st;
	enum rc rc;
	int fd;

	if (strcmp(path, "-") == 0)
		return read_fd(b, STDIN_FILENO, "standard input", e);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, RC_IO, "%s: cannot be opened", path);
	if (fstat(fd, &st) != 0) {
		rc = err_errno(e, RC_IO, "%s: cannot be read", path);
		goto out;
	}
	if (S_ISDIR(st.st_mode)) {
		rc = err_set(e, RC_IO, "%s: is a folder, expected a file", path);
		goto out;
	}
	if (S_ISREG(st.st_mode) && (unsigned long long)st.st_size > b->max - b->n) {
		rc = too_large(b, path, e);
		goto out;
	}
	rc = read_fd(b, fd, path, e);
out:
	close(fd);
	return rc;
}

enum rc
file_write_all(int fd, struct sv v, struct err *e)
{
	while (v.n > 0) {
		ssize_t n = write(fd, v.p, v.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, RC_IO, "cannot be written");
		v = sv_from(v, (size_t)n);
	}
	return RC_OK;
}

enum rc
file_sync_folder(const char *path, struct err *e)
{
	char *copy = mem_dup(path, strlen(path));
	enum rc rc = RC_OK;
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0)
		rc = err_errno(e, RC_IO, "%s: its folder cannot be synced", path);
	if (fd >= 0)
		close(fd);
	mem_free(copy);
	return rc;
}

/* The content in a synced temporary file beside path. */
static enum rc
write_temporary(char *temporary, size_t size, const char *path, struct sv v, unsigned mode,
		struct err *e)
{
	enum rc rc;
	int fd, n;

	n = snprintf(temporary, size, "%s.XXXXXX", path);
	if (n < 0 || (size_t)n >= size) {
		temporary[0] = '\0';
		return err_set(e, RC_LIMIT, "%s: the path is too long", path);
	}
	fd = mkstemp(temporary);
	if (fd < 0) {
		temporary[0] = '\0';
		return err_errno(e, RC_IO, "%s: cannot be made", path);
	}
	rc = file_write_all(fd, v, e);
	if (rc != RC_OK)
		rc = err_in(e, rc, path);
	else if (fchmod(fd, (mode_t)mode) != 0 || fsync(fd) != 0)
		rc = err_errno(e, RC_IO, "%s: cannot be synced", path);
	if (close(fd) != 0 && rc == RC_OK)
		rc = err_errno(e, RC_IO, "%s: cannot be closed", path);
	return rc;
}

enum rc
file_write(const char *path, struct sv v, unsigned mode, struct err *e)
{
	char temporary[PATH_LENGTH];
	enum rc rc = write_temporary(temporary, sizeof(temporary), path, v, mode, e);

	if (rc == RC_OK && rename(temporary, path) != 0)
		rc = err_errno(e, RC_IO, "%s: cannot be replaced", path);
	if (rc != RC_OK && temporary[0] != '\0')
		unlink(temporary);
	return rc == RC_OK ? file_sync_folder(path, e) : rc;
}

enum rc
file_create(const char *path, struct sv v, unsigned mode, struct err *e)
{
	char temporary[PATH_LENGTH];
	enum rc rc = write_temporary(temporary, sizeof(temporary), path, v, mode, e);

	if (rc == RC_OK && link(temporary, path) != 0)
		rc = errno == EEXIST
			     ? err_set(e, RC_CONFLICT, "%s: exists already, not overwritten", path)
			     : err_errno(e, RC_IO, "%s: cannot be made", path);
	if (temporary[0] != '\0')
		unlink(temporary);
	return rc == RC_OK ? file_sync_folder(path, e) : rc;
}

bool
file_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

enum rc
file_mkdir(const char *path, unsigned mode, struct err *e)
{
	struct stat st;

	if (mkdir(path, (mode_t)mode) == 0)
		return RC_OK;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return RC_OK;
	return err_errno(e, RC_IO, "%s: the folder cannot be made", path);
}
