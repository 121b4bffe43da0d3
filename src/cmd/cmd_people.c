/*
 * cmd_people.c — `tocsin people import`, `count` and `sample`: the operator's, on the
 * data folder.
 */
#include <errno.h>
#include <jansson.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/time.h"
#include "cmd/cmd_list.h"
#include "cmd/open.h"
#include "people/people_import.h"
#include "people/person_store.h"
#include "people/sample.h"
#include "store/store.h"

/* The file being imported. */
struct source {
	FILE *f;
	const char *name;
	uint64_t size;   /* 0: not known */
	bool unreadable; /* reading failed, not the store */
};

static enum rc
read_source(void *arg, char *p, size_t cap, size_t *ret_n, struct err *e)
{
	struct source *s = arg;
	size_t n = fread(p, 1, cap, s->f);

	if (n == 0 && ferror(s->f)) {
		s->unreadable = true;
		return err_errno(e, RC_IO, "%s: cannot be read", s->name);
	}
	*ret_n = n;
	return RC_OK;
}

static enum rc
rewind_source(void *arg, struct err *e)
{
	struct source *s = arg;

	clearerr(s->f);
	if (fseek(s->f, 0, SEEK_SET) == 0)
		return RC_OK;
	s->unreadable = true;
	return err_set(e, RC_USAGE, "%s: --strict needs a file that can be read twice", s->name);
}

static void
show_bad(void *arg, const char *sentence)
{
	const struct source *s = arg;

	cmd_progress_end();
	fprintf(stderr, "tocsin: %s: %s\n", s->name, sentence);
}

static void
show_progress(void *arg, uint64_t bytes)
{
	const struct source *s = arg;

	cmd_progress("importing", bytes, s->size);
}

static enum rc
open_source(struct source *s, const char *name, struct err *e)
{
	struct stat st;

	memset(s, 0, sizeof(*s));
	s->name = name;
	s->f = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
	if (s->f == NULL)
		return err_errno(e, RC_IO, "%s: cannot be read", name);
	if (fstat(fileno(s->f), &st) != 0 || S_ISDIR(st.st_mode)) {
		if (s->f != stdin)
			(void)fclose(s->f);
		return err_set(e, RC_IO, "%s: cannot be read: it is a folder", name);
	}
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		s->size = (uint64_t)st.st_size;
	return RC_OK;
}

static void
print_import(const struct import_result *r, bool json)
{
	if (!json) {
		printf("%llu persons (%llu new), %llu stays; %llu of %llu lines bad\n",
		       (unsigned long long)r->persons, (unsigned long long)r->created,
		       (unsigned long long)r->stays, (unsigned long long)r->bad,
		       (unsigned long long)r->lines);
		return;
	}
	printf("{\"persons\":%llu,\"created\":%llu,\"stays\":%llu,\"lines\":%llu,\"bad\":%llu}\n",
	       (unsigned long long)r->persons, (unsigned long long)r->created,
	       (unsigned long long)r->stays, (unsigned long long)r->lines,
	       (unsigned long long)r->bad);
}

static enum cmd_exit
run_import(const struct cmd_args *args, struct err *e)
{
	struct import_options opt = {.read = read_source,
				     .rewind = rewind_source,
				     .bad = show_bad,
				     .progress = show_progress,
				     .now = time_now(),
				     .strict = cmd_flag(args, "strict")};
	struct import_result result = {0};
	struct store *st = NULL;
	struct open_sealer keys = {0};
	struct source source;
	enum rc rc = open_source(&source, cmd_arg(args, 0), e);

	if (rc != RC_OK)
		return EXIT_USAGE;
	opt.arg = &source;
	rc = cmd_open_store(&st, args, e);
	if (rc == RC_OK)
		rc = open_sealer(&keys, args, e);
	if (rc == RC_OK && opt.strict)
		rc = rewind_source(&source, e);
	if (rc == RC_OK)
		rc = people_import(st, keys.sealer, &opt, &result, e);
	cmd_progress_end();
	if (rc == RC_OK || result.persons > 0)
		print_import(&result, cmd_flag(args, "json"));
	open_sealer_fini(&keys);
	store_close(&st);
	if (source.f != stdin)
		(void)fclose(source.f);
	if (source.unreadable)
		return EXIT_USAGE;
	if (rc != RC_OK)
		return cmd_exit_of(rc);
	return result.bad > 0 ? EXIT_NO : EXIT_YES;
}

static const struct cmd_option import_options[] = {
	{"strict", NULL, "import nothing when any line is bad"},
	{"json", NULL, "print the result as one JSON object"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_people_import = {
	.name = "people import",
	.args = "FILE.csv",
	.summary = "enrol people, or bring what is known of them up to date",
	.text = "FILE.csv is UTF-8 with the header line\n\n"
		"  ref,name,citizenships,languages,email,phone,country,latitude,longitude,"
		"from,to,groups\n\n"
		"in any order, one line per stay; \"-\" is standard input. Lists inside a field "
		"are separated by ';'. Lines with the same ref are one person, and importing a "
		"ref again replaces what was known: stays, lists and contact points. A contact "
		"point that opted out stays opted out.\n\n"
		"country is an ISO 3166-1 or -2 code and wins over coordinates; when it is empty "
		"it is derived from them. Phones are in international form with '+'. from and "
		"to are dates, both included; an empty to is open-ended.\n\n"
		"A bad line is named on standard error by number and reason; the others are "
		"imported and the exit is 1. With --strict nothing is imported then. Names and "
		"contact points are sealed before they are written.",
	.options = import_options,
	.min_args = 1,
	.max_args = 1,
	.run = run_import,
};

static json_t *
json_map(const struct map *m)
{
	json_t *j = json_object();
	size_t i;

	for (i = 0; i < map_count(m); i++) {
		struct sv key = map_key(m, i);
		char *name = mem_dup(key.n > 0 ? key.p : "", key.n);

		json_object_set_new(j, name, json_integer(map_value(m, i)));
		mem_free(name);
	}
	return j;
}

static void
print_map(const char *title, const struct map *m)
{
	size_t i;

	printf("%s:", title);
	for (i = 0; i < map_count(m); i++) {
		struct sv key = map_key(m, i);

		printf(" %.*s %lld", key.n > 0 ? (int)key.n : 7, key.n > 0 ? key.p : "unknown",
		       (long long)map_value(m, i));
	}
	putchar('\n');
}

static void
print_counts(const struct person_counts *c, bool json)
{
	json_t *j;

	if (!json) {
		printf("persons: %lld\nstays: %lld\nresidents: %lld\n"
		       "two or more citizenships: %lld\n"
		       "without a contact point in use: %lld\n",
		       (long long)c->persons, (long long)c->stays, (long long)c->residents,
		       (long long)c->dual, (long long)c->no_channel);
		print_map("by country of stay", c->by_country);
		print_map("by citizenship", c->by_citizenship);
		print_map("by preferred language", c->by_language);
		print_map("by channel", c->by_channel);
		return;
	}
	j = json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o}", "persons",
		      (json_int_t)c->persons, "stays", (json_int_t)c->stays, "residents",
		      (json_int_t)c->residents, "dual", (json_int_t)c->dual, "no_channel",
		      (json_int_t)c->no_channel, "by_country", json_map(c->by_country),
		      "by_citizenship", json_map(c->by_citizenship), "by_language",
		      json_map(c->by_language), "by_channel", json_map(c->by_channel));
	json_dumpf(j, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(j);
}

static enum cmd_exit
run_count(const struct cmd_args *args, struct err *e)
{
	struct person_counts counts;
	struct store *st = NULL;
	enum rc rc = cmd_open_store(&st, args, e);

	if (rc == RC_OK)
		rc = person_count(st, &counts, e);
	store_close(&st);
	if (rc != RC_OK)
		return cmd_exit_of(rc);
	print_counts(&counts, cmd_flag(args, "json"));
	person_counts_fini(&counts);
	return EXIT_YES;
}

static const struct cmd_option count_options[] = {
	{"json", NULL, "print one JSON object"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_people_count = {
	.name = "people count",
	.args = "",
	.summary = "count who is enrolled",
	.text = "Persons are counted by country of stay, by citizenship, by preferred language "
		"and by channel. Who stays in two countries, has two citizenships or two "
		"channels counts in both, so these do not sum to the number of persons.",
	.options = count_options,
	.min_args = 0,
	.max_args = 0,
	.run = run_count,
};

static enum cmd_exit
run_sample(const struct cmd_args *args, struct err *e)
{
	const char *around = cmd_value(args, "around");
	int32_t day = time_utc_day(time_now());
	long long count = 0, seed = 1, i;
	struct buf text = BUF_INIT(MIB);
	enum rc rc = cmd_number(args, "count", 1, 100000000, &count, e);

	if (rc == RC_OK)
		rc = cmd_number(args, "seed", 0, 9223372036854775807, &seed, e);
	if (rc == RC_OK && count == 0)
		rc = err_set(e, RC_USAGE, "people sample: --count N is missing");
	if (rc == RC_OK && around != NULL && !time_parse_date(sv_of(around), &day))
		rc = err_set(e, RC_USAGE,
			     "--around %s: not a date (expected one such as 2026-09-22)", around);
	if (rc != RC_OK)
		return EXIT_USAGE;
	sample_header(&text);
	for (i = 0; i < count; i++) {
		sample_person(&text, (uint64_t)seed, (uint64_t)i, day);
		if (text.n < 64 * KIB && i + 1 < count)
			continue;
		if (fwrite(buf_str(&text), 1, text.n, stdout) != text.n)
			break;
		buf_reset(&text);
	}
	buf_fini(&text);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		err_errno(e, RC_IO, "standard output cannot be written");
		return EXIT_WORLD;
	}
	return EXIT_YES;
}

static const struct cmd_option sample_options[] = {
	{"count", "N", "how many people"},
	{"seed", "S", "another number gives other people (1)"},
	{"around", "DATE", "the day that stays lie around (today)"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_people_sample = {
	.name = "people sample",
	.args = "--count N",
	.summary = "print made-up people as CSV",
	.text = "The people do not exist: addresses end in example.org and its like, phones lie "
		"in ranges kept free for fiction. The same count, seed and day give the same "
		"bytes.\n\n"
		"  tocsin people sample --count 20000 --seed 1 | tocsin people import -",
	.options = sample_options,
	.min_args = 0,
	.max_args = 0,
	.run = run_sample,
};
