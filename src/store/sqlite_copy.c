/*
 * sqlite_copy.c — the online backup of a SQLite store.
 *
 * Copied in one step, which reads as of one moment and lets writers go on. The
 * copy is made under a temporary name beside path, synced, and only then given its name:
 * a file of that name is always whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "store/sqlite_int.h"

static enum rc
fill(struct store *s, const char *path, struct err *e)
{
	sqlite3 *to = NULL;
	sqlite3_backup *b = NULL;
	enum rc rc = RC_OK;
	int step = SQLITE_ERROR;

	if (sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK) {
		rc = sqlite_fail(path, to, e);
		goto out;
	}
	b = sqlite3_backup_init(to, "main", ((struct sqlite *)s)->db, "main");
	if (b != NULL) {
		step = sqlite3_backup_step(b, -1);
		sqlite3_backup_finish(b);
	}
	if (step != SQLITE_DONE)
		rc = sqlite_fail(path, to, e);
out:
	sqlite3_close(to);
	return rc;
}

static enum rc
sync_file(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum rc rc = RC_OK;

	if (fd < 0 || fsync(fd) != 0)
		rc = err_errno(e, RC_IO, "%s: cannot sync", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* A link never replaces a file; where the file system has none, rename after a look. */
static enum rc
give_name(const char *temp, const char *path, struct err *e)
{
	if (link(temp, path) == 0)
		return RC_OK;
	if (errno == EEXIST || file_exists(path))
		return err_set(e, RC_CONFLICT, "%s: already there (expected a new name)", path);
	if (rename(temp, path) == 0)
		return RC_OK;
	return err_errno(e, RC_IO, "%s: cannot make the file", path);
}

enum rc
sqlite_copy_to(struct store *s, const char *path, struct err *e)
{
	struct buf temp = BUF_INIT(4096);
	enum rc rc;
	int fd;

	buf_adds(&temp, path);
	buf_adds(&temp, ".part-XXXXXX");
	rc = buf_check(&temp, "the name of the copy", e);
	if (rc == RC_OK && file_exists(path))
		rc = err_set(e, RC_CONFLICT, "%s: already there (expected a new name)", path);
	if (rc != RC_OK)
		goto out;
	fd = mkstemp(temp.p); /* mode 0600 */
	if (fd < 0) {
		rc = err_errno(e, RC_IO, "%s: cannot make the file", path);
		goto out;
	}
	close(fd);
	rc = fill(s, temp.p, e);
	if (rc == RC_OK)
		rc = sync_file(temp.p, e);
	if (rc == RC_OK)
		rc = give_name(temp.p, path, e);
	unlink(temp.p);
	if (rc == RC_OK)
		rc = file_sync_folder(path, e);
out:
	buf_fini(&temp);
	return rc;
}
