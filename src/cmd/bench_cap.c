/*
 * bench_cap.c — `tocsin bench cap FILE…`: messages read and checked per second.
 *
 * The files are in memory before the clock starts; then all of them in turn,
 * again and again, on one core, for at least two seconds of its time: other work on the
 * machine then changes the figure little.
 */
#include <jansson.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cap/cap_read.h"
#include "cmd/bench.h"

#define RUN_US 2000000

static enum rc
load(struct buf *files, const struct cmd_args *args, size_t from, size_t n, struct err *e)
{
	enum rc rc = RC_OK;
	size_t i;

	for (i = 0; i < n && rc == RC_OK; i++)
		rc = file_read(&files[i], cmd_arg(args, from + i), e);
	return rc;
}

/* Of this process, in user and kernel. */
static int64_t
cpu_us(void)
{
	struct rusage used;

	(void)getrusage(RUSAGE_SELF, &used);
	return (int64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000 +
	       used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

enum cmd_exit
bench_cap(const struct cmd_args *args, struct err *e)
{
	/* The first argument is the word "cap". */
	size_t n = cmd_count(args) - 1, i, done = 0, bytes = 0, refused = 0;
	const struct cap_alert *alert;
	const struct cap_findings *findings;
	struct buf *files;
	struct cap_refusal refusal;
	struct cap_reader *reader = NULL;
	struct arena *a = NULL;
	struct rusage used;
	int64_t start, now;
	json_t *j;
	enum rc rc;

	if (n == 0) {
		err_set(e, RC_USAGE, "bench cap: no file (expected CAP messages)");
		return EXIT_USAGE;
	}
	files = MEM_NEW_N(struct buf, n);
	for (i = 0; i < n; i++)
		buf_init(&files[i], LIMIT_CAP_FILE);
	rc = load(files, args, 1, n, e);
	if (rc != RC_OK)
		goto out;
	a = arena_new();
	reader = cap_reader_open();
	start = cpu_us();
	do {
		for (i = 0; i < n; i++) {
			arena_reset(a);
			refused += cap_reader_read(reader, &alert, &findings, &refusal, a,
						   buf_sv(&files[i]), NULL) != RC_OK;
			bytes += files[i].n;
		}
		done += n;
		now = cpu_us();
	} while (now - start < RUN_US);
	(void)getrusage(RUSAGE_SELF, &used);
	j = json_pack("{s:s, s:f, s:s, s:I, s:I, s:f, s:f, s:f}", "bench", "cap", "value",
		      (double)done * 1e6 / (double)(now - start), "unit", "alerts/s", "n",
		      (json_int_t)n, "peak_rss_kib", (json_int_t)used.ru_maxrss, "mean_bytes",
		      (double)bytes / (double)done, "mb_per_s",
		      (double)bytes / (double)(now - start), "refused_share",
		      (double)refused / (double)done);
	json_dumpf(j, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(j);
out:
	cap_reader_close(&reader);
	arena_free(&a);
	for (i = 0; i < n; i++)
		buf_fini(&files[i]);
	MEM_FREE(&files);
	return rc == RC_OK ? EXIT_YES : EXIT_USAGE;
}
