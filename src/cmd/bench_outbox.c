/*
 * bench_outbox.c — `tocsin bench outbox`: rows fanned out, and rows claimed,
 * started and settled, per second, every step durable.
 *
 * Without --store in a scratch SQLite file in TMPDIR, which goes away.
 */
#include <jansson.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cmd/bench.h"
#include "delivery/bench_store.h"
#include "store/migrate.h"
#include "store/store.h"

/* A folder of our own for the scratch file. */
static enum rc
make_folder(struct buf *folder, struct err *e)
{
	const char *tmp = getenv("TMPDIR");

	buf_addf(folder, "%s/tocsin-bench-XXXXXX", tmp != NULL && tmp[0] != '\0' ? tmp : "/tmp");
	if (!buf_ok(folder) || mkdtemp(folder->p) == NULL)
		return err_errno(e, RC_IO, "%s: cannot be made", buf_str(folder));
	return RC_OK;
}

static void
remove_folder(const struct buf *folder)
{
	static const char *const ends[] = {"/bench.db", "/bench.db-wal", "/bench.db-shm"};
	struct buf path;
	size_t i;

	buf_init(&path, 4 * KIB);
	for (i = 0; i < ARRAY_LEN(ends); i++) {
		buf_reset(&path);
		buf_add(&path, buf_sv(folder));
		buf_adds(&path, ends[i]);
		(void)unlink(buf_str(&path));
	}
	(void)rmdir(buf_str(folder));
	buf_fini(&path);
}

static void
print(const struct outbox_bench *b, const struct store *st)
{
	struct rusage used;
	json_t *j;

	(void)getrusage(RUSAGE_SELF, &used);
	j = json_pack("{s:s, s:f, s:s, s:I, s:I, s:f, s:s}", "bench", "outbox", "value",
		      (double)b->rows * 1e6 / (double)b->settle_us, "unit", "rows/s", "n",
		      (json_int_t)b->rows, "peak_rss_kib", (json_int_t)used.ru_maxrss, "fan_out",
		      (double)b->rows * 1e6 / (double)b->fan_out_us, "store",
		      store_is_postgres(st) ? "postgresql" : "sqlite");
	json_dumpf(j, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(j);
}

enum cmd_exit
bench_outbox(const struct cmd_args *args, struct err *e)
{
	const char *where = cmd_value(args, "store");
	struct store *st = NULL;
	struct outbox_bench b;
	struct buf folder, path;
	long long n = 100000;
	enum rc rc;

	buf_init(&folder, 4 * KIB);
	buf_init(&path, 4 * KIB);
	rc = cmd_number(args, "rows", 1, 100000000, &n, e);
	if (rc == RC_OK && where == NULL) {
		rc = make_folder(&folder, e);
		buf_addf(&path, "%s/bench.db", buf_str(&folder));
		where = buf_str(&path);
	}
	if (rc == RC_OK)
		rc = store_open(&st, where, STORE_CREATE, e);
	if (rc == RC_OK)
		rc = migrate_run(st, "main", e);
	if (rc == RC_OK)
		rc = outbox_bench(st, n, &b, e);
	if (rc == RC_OK)
		print(&b, st);
	store_close(&st);
	if (folder.n > 0)
		remove_folder(&folder);
	buf_fini(&folder);
	buf_fini(&path);
	return rc == RC_OK ? EXIT_YES : cmd_exit_of(rc);
}
