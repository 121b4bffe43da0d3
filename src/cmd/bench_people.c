/*
 * bench_people.c — `tocsin bench people --count N`: sample people imported into a
 * scratch installation, keys and all, in a temporary folder.
 *
 * The CSV is made before the clock starts.
 */
#include <dirent.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/time.h"
#include "cmd/bench.h"
#include "crypt/keyfile.h"
#include "people/keyring.h"
#include "people/people_import.h"
#include "people/sample.h"
#include "people/sealer.h"
#include "store/migrate.h"
#include "store/store.h"

struct scratch {
	char folder[64], main_path[96], keys_path[96], key_path[96];
	struct store *st;
	struct sealer *sealer;
};

struct reading {
	struct sv whole;
	size_t at;
};

static enum rc
read_some(void *arg, char *p, size_t cap, size_t *ret_n, struct err *e)
{
	struct reading *r = arg;
	struct sv piece = sv_head(sv_from(r->whole, r->at), cap);

	(void)e;
	if (piece.n > 0)
		memcpy(p, piece.p, piece.n);
	r->at += piece.n;
	*ret_n = piece.n;
	return RC_OK;
}

static enum rc
scratch_open(struct scratch *s, struct err *e)
{
	const char *tmp = getenv("TMPDIR");
	struct keyring *ring = NULL;
	enum rc rc;
	int n;

	memset(s, 0, sizeof(*s));
	n = snprintf(s->folder, sizeof(s->folder), "%s/tocsin-bench-XXXXXX",
		     tmp != NULL && tmp[0] != '\0' ? tmp : "/tmp");
	if (n < 0 || (size_t)n >= sizeof(s->folder))
		return err_set(e, RC_USAGE, "TMPDIR is too long");
	if (mkdtemp(s->folder) == NULL) {
		rc = err_errno(e, RC_IO, "%s: cannot be made", s->folder);
		s->folder[0] = '\0';
		return rc;
	}
	(void)snprintf(s->main_path, sizeof(s->main_path), "%s/main.sqlite", s->folder);
	(void)snprintf(s->keys_path, sizeof(s->keys_path), "%s/keys.sqlite", s->folder);
	(void)snprintf(s->key_path, sizeof(s->key_path), "%s/master.key", s->folder);
	rc = keyfile_make(s->key_path, e);
	if (rc == RC_OK)
		rc = store_open(&s->st, s->main_path, STORE_CREATE, e);
	if (rc == RC_OK)
		rc = migrate_run(s->st, "main", e);
	if (rc == RC_OK)
		rc = keyring_open(&ring, s->key_path, s->keys_path, true, e);
	if (rc == RC_OK)
		rc = sealer_local_open(&s->sealer, &ring, e);
	return rc;
}

static void
scratch_close(struct scratch *s)
{
	struct dirent *entry;
	DIR *dir;
	char path[400];

	sealer_close(&s->sealer);
	store_close(&s->st);
	dir = s->folder[0] != '\0' ? opendir(s->folder) : NULL;
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", s->folder, entry->d_name);
		(void)unlink(path);
	}
	if (dir != NULL) {
		(void)closedir(dir);
		(void)rmdir(s->folder);
	}
}

static void
report(const struct import_result *r, int64_t took_us)
{
	struct rusage used;

	(void)getrusage(RUSAGE_SELF, &used);
	printf("{\"bench\":\"people\",\"value\":%.3f,\"unit\":\"s\",\"n\":%llu,"
	       "\"peak_rss_kib\":%ld,\"stays\":%llu,\"persons_per_s\":%.0f}\n",
	       (double)took_us / 1e6, (unsigned long long)r->persons, used.ru_maxrss,
	       (unsigned long long)r->stays, (double)r->persons * 1e6 / (double)took_us);
}

enum cmd_exit
bench_people(const struct cmd_args *args, struct err *e)
{
	struct buf csv = BUF_INIT(8 * GIB);
	struct reading reading = {SV_NONE, 0};
	struct import_options opt = {.read = read_some, .arg = &reading, .now = time_now()};
	struct import_result result = {0};
	struct scratch s = {0};
	long long count = 100000, seed = 1, i;
	int64_t start;
	enum rc rc = cmd_number(args, "count", 1, 10000000, &count, e);

	if (rc == RC_OK)
		rc = cmd_number(args, "seed", 0, INT64_MAX, &seed, e);
	if (rc != RC_OK)
		return EXIT_USAGE;
	sample_header(&csv);
	for (i = 0; i < count; i++)
		sample_person(&csv, (uint64_t)seed, (uint64_t)i, time_utc_day(opt.now));
	reading.whole = buf_sv(&csv);
	rc = scratch_open(&s, e);
	if (rc == RC_OK) {
		start = time_mono_us();
		rc = people_import(s.st, s.sealer, &opt, &result, e);
		if (rc == RC_OK && result.bad > 0)
			rc = err_set(e, RC_SYNTAX, "%llu sample lines were refused",
				     (unsigned long long)result.bad);
		if (rc == RC_OK)
			report(&result, time_mono_us() - start);
	}
	scratch_close(&s);
	buf_fini(&csv);
	return rc == RC_OK ? EXIT_YES : cmd_exit_of(rc);
}
