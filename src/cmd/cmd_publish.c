/*
 * cmd_publish.c — tocsin publish: the public pages as a folder of files.
 *
 * The order of durable steps: the note that marks the folder as ours, when it is new; each
 * file beside its old version and renamed; what is no longer public away, by the old list; the
 * new note, list and signature. Who is stopped in between runs it again: until then
 * the list does not fit all the files, which whoever checks it sees.
 *
 * Only what the old list names, with the bytes that it names, is ever removed, in a folder
 * without our note nothing that exists is written over, and the mirror of another installation
 * is refused.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alert/alert_store.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/time.h"
#include "cmd/open.h"
#include "crypt/hash.h"
#include "delivery/lockfile.h"
#include "desk/setting_store.h"
#include "web/mirror.h"

#define KEEP_DAYS  400 /* as the pages that are served */
#define NEXT_HOURS 24
#define FILE_MODE  0644
#define LAST_FILES 3 /* note, list, signature */

struct publish {
	const char *dir;
	struct sv installation;
	const struct mirror *mirror;
	struct map *names; /* of the new files */
	struct buf old_list;
	size_t written, removed;
};

static enum rc
path_of(char path[OPEN_PATH], const struct publish *p, struct sv name, struct err *e)
{
	struct buf text = BUF_INIT(OPEN_PATH);
	enum rc rc;

	buf_add(&text, name);
	rc = open_path(path, p->dir, buf_str(&text), e);
	buf_fini(&text);
	return rc;
}

/* Whether the file holds exactly these bytes; one that cannot be read does not. */
static bool
holds(const char *path, struct sv data)
{
	struct buf have = BUF_INIT(data.n + 1);
	struct err unused = ERR_INIT;
	bool same = file_exists(path) && file_read(&have, path, &unused) == RC_OK &&
		    sv_eq(buf_sv(&have), data);

	buf_fini(&have);
	return same;
}

/* A mirror; of another installation, a practice one perhaps, it is not to be taken over. */
static enum rc
claim(bool *ret, struct sv note, const struct publish *p, struct err *e)
{
	*ret = mirror_is_of(note, p->installation);
	return *ret ? RC_OK
		    : err_set(e, RC_CONFLICT,
			      "%s is the mirror of another installation (see its " MIRROR_NOTE
			      "): name a folder of its own for this one",
			      p->dir);
}

static enum rc
is_ours(bool *ret, const struct publish *p, struct err *e)
{
	struct buf note = BUF_INIT(64 * KIB);
	char path[OPEN_PATH];
	enum rc rc = path_of(path, p, SV(MIRROR_NOTE), e);

	*ret = false;
	if (rc == RC_OK && file_exists(path)) {
		rc = file_read(&note, path, e);
		if (rc == RC_OK && sv_starts(buf_sv(&note), SV(MIRROR_MARK)))
			rc = claim(ret, buf_sv(&note), p, e);
	}
	buf_fini(&note);
	return rc;
}

/* A folder that is not ours: nothing in it may stand where a file of ours would. */
static enum rc
take_over(struct publish *p, struct err *e)
{
	struct mirror_file f;
	char path[OPEN_PATH];
	enum rc rc = RC_OK;
	size_t i;

	for (i = 0; rc == RC_OK && mirror_file(p->mirror, i, &f); i++) {
		rc = path_of(path, p, f.name, e);
		if (rc == RC_OK && file_exists(path))
			rc = err_set(e, RC_CONFLICT,
				     "%s exists and tocsin publish did not write it: name an empty "
				     "or a new folder",
				     path);
	}
	if (rc == RC_OK)
		rc = path_of(path, p, SV(MIRROR_NOTE), e);
	return rc == RC_OK ? file_write(path, SV(MIRROR_MARK), FILE_MODE, e) : rc;
}

static enum rc
read_old_list(struct publish *p, struct err *e)
{
	char path[OPEN_PATH];
	enum rc rc = path_of(path, p, SV(MIRROR_LIST), e);

	return rc == RC_OK && file_exists(path) ? file_read(&p->old_list, path, e) : rc;
}

/* The folder in the folder; through a link files would come to lie outside of it. */
static enum rc
check_no_link(const struct publish *p, struct err *e)
{
	char path[OPEN_PATH];
	struct stat st;
	enum rc rc = path_of(path, p, SV("alert"), e);

	if (rc == RC_OK && lstat(path, &st) == 0 && !S_ISDIR(st.st_mode))
		rc = err_set(e, RC_CONFLICT, "%s is there and is no folder (expected none, or one)",
			     path);
	return rc;
}

static enum rc
prepare(struct publish *p, struct err *e)
{
	char path[OPEN_PATH];
	bool ours = false;
	enum rc rc = file_mkdir(p->dir, 0755, e);

	if (rc == RC_OK)
		rc = check_no_link(p, e);
	if (rc == RC_OK)
		rc = is_ours(&ours, p, e);
	if (rc == RC_OK)
		rc = ours ? read_old_list(p, e) : take_over(p, e);
	if (rc == RC_OK)
		rc = path_of(path, p, SV("alert"), e);
	return rc == RC_OK ? file_mkdir(path, 0755, e) : rc;
}

static enum rc
put_file(struct publish *p, const struct mirror_file *f, struct err *e)
{
	char path[OPEN_PATH];
	enum rc rc = path_of(path, p, f->name, e);

	if (rc != RC_OK || holds(path, f->data))
		return rc;
	rc = file_write(path, f->data, FILE_MODE, e);
	p->written += rc == RC_OK;
	return rc;
}

/* The bytes are those that the list names. */
static bool
has_hash(const char *path, struct sv hash)
{
	struct buf data = BUF_INIT(LIMIT_HTTP_PAGE), hex = BUF_INIT(2 * HASH_BYTES + 1);
	unsigned char got[HASH_BYTES];
	struct err unused = ERR_INIT;
	bool same = false;

	if (file_exists(path) && file_read(&data, path, &unused) == RC_OK) {
		hash_sha256(got, buf_sv(&data));
		buf_add_hex(&hex, (struct sv){(const char *)got, sizeof(got)});
		same = sv_eq(buf_sv(&hex), hash);
	}
	buf_fini(&data);
	buf_fini(&hex);
	return same;
}

static enum rc
remove_stale(struct publish *p, struct err *e)
{
	struct sv rest = buf_sv(&p->old_list), hash, name;
	char path[OPEN_PATH];
	int64_t unused;
	enum rc rc = RC_OK;

	while (rc == RC_OK && mirror_list_next(&rest, &hash, &name)) {
		if (map_get(p->names, name, &unused) || !mirror_is_page(name))
			continue;
		rc = path_of(path, p, name, e);
		if (rc != RC_OK || !has_hash(path, hash))
			continue;
		if (unlink(path) != 0)
			rc = err_errno(e, RC_IO, "%s: not removed", path);
		else
			p->removed++;
	}
	return rc;
}

static enum rc
write_mirror(struct publish *p, size_t *ret_n, struct err *e)
{
	struct mirror_file f;
	size_t i, n = 0;
	enum rc rc;

	while (mirror_file(p->mirror, n, &f))
		*map_at(p->names, f.name, 0, NULL) = (int64_t)n++;
	rc = prepare(p, e);
	for (i = 0; rc == RC_OK && i < n; i++) {
		if (i + LAST_FILES == n)
			rc = remove_stale(p, e);
		if (rc == RC_OK && mirror_file(p->mirror, i, &f))
			rc = put_file(p, &f, e);
	}
	*ret_n = n;
	return rc;
}

/* What was cancelled since a backup may look as if it were in force; under our signature that
 * would be worse than an old mirror. */
static enum rc
check_restored(struct store *st, struct err *e)
{
	int64_t at = 0;
	enum rc rc = setting_restored(st, &at, e);

	if (rc == RC_OK && at != 0)
		rc = err_set(e, RC_CONFLICT,
			     "this is a restored backup: publish after an officer said \"tocsin "
			     "queue release\"");
	return rc;
}

static enum rc
make_mirror(struct mirror **ret, struct open *o, int64_t now, int64_t until, struct err *e)
{
	struct arena *rows_arena = arena_new();
	struct alert_list rows;
	enum rc rc =
		alert_published(&rows, rows_arena, o->st, now - KEEP_DAYS * (int64_t)TIME_DAY, e);

	if (rc == RC_OK)
		return mirror_new(ret, &o->desk, &rows, rows_arena, now, until, e);
	arena_free(&rows_arena);
	return rc;
}

static enum cmd_exit
run_publish(const struct cmd_args *a, struct err *e)
{
	struct publish p = {.dir = cmd_arg(a, 0), .old_list = BUF_INIT(LIMIT_HTTP_PAGE)};
	struct lockfile lock = {.fd = -1};
	struct mirror *mirror = NULL;
	char path[OPEN_PATH];
	struct open o = {0};
	long long hours = NEXT_HOURS;
	int64_t now = time_now();
	size_t n = 0;
	enum rc rc = cmd_number(a, "next", 1, 8760, &hours, e);

	p.names = map_new(0);
	if (rc == RC_OK)
		rc = open_desk(&o, a, false, e);
	if (rc == RC_OK)
		rc = open_signing(&o, a, e);
	if (rc == RC_OK)
		rc = check_restored(o.st, e);
	if (rc == RC_OK)
		rc = open_path(path, cmd_data(a), "run/publish.lock", e);
	if (rc == RC_OK)
		rc = lockfile_open(&lock, path, e);
	if (rc == RC_OK)
		rc = make_mirror(&mirror, &o, now, now + hours * 3600, e);
	p.mirror = mirror;
	p.installation = o.desk.installation;
	if (rc == RC_OK)
		rc = write_mirror(&p, &n, e);
	if (rc == RC_OK)
		printf("%zu files in %s: %zu written, %zu removed; the next is expected within "
		       "%lld hours\n",
		       n, p.dir, p.written, p.removed, hours);
	mirror_free(&mirror);
	lockfile_close(&lock);
	open_fini(&o);
	buf_fini(&p.old_list);
	map_free(&p.names);
	return cmd_exit_of(rc);
}

static const struct cmd_option publish_options[] = {
	{"next", "HOURS", "when the next mirror is expected at the latest; 24 when not given"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_publish = {
	"publish",
	"DIR",
	"write the public pages and feeds, signed, into a folder of files",
	"For a second host, a memory stick or a local network, when the service cannot be "
	"reached. The pages are those that are served, with links from file to file, so that they "
	"can be read without a server too. Each says of what it is a copy, when it was made and "
	"when the next is expected. alert/ID.xml are the signed messages, byte for byte.\n\n"
	"SHA256SUMS lists every file; SHA256SUMS.sig is its signature with the authority's key. "
	"Who has the fingerprint of the certificate on paper checks a mirror in its folder by\n\n"
	"  openssl x509 -in certificate.pem -noout -fingerprint -sha256\n"
	"  openssl x509 -in certificate.pem -noout -pubkey > key.pem\n"
	"  openssl dgst -sha256 -verify key.pem -signature SHA256SUMS.sig SHA256SUMS\n"
	"  sha256sum --check SHA256SUMS\n\n"
	"mirror.txt, which the list names too, says when the mirror was made and before when the "
	"next is expected: an old one is known by that.\n\n"
	"May be run while the service works, and again for the same folder: what has not changed "
	"stays, what is no longer public is removed, and other people's files are left alone. A "
	"folder in which such files would be written over is refused. Cancelled alerts stay, as "
	"cancelled, for 400 days.\n\n"
	"Not after a restore before \"tocsin queue release\".\n\n"
	"  tocsin publish /srv/mirror --next 6 --data /var/lib/tocsin",
	publish_options,
	1,
	1,
	run_publish};
