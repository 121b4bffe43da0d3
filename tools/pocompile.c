/*
 * pocompile — turn the sentences of src/base/i18n.def and their translations into C.
 *
 *   pocompile OUT.c I18N.def FILE.po…
 *
 * English comes from the .def. A catalogue must translate every sentence once and
 * nothing else, without `fuzzy`; its header names the language (Language, X-Name,
 * X-Direction). What is wrong is said as "file:line: …" and nothing is written. Texts
 * are kept as they are escaped in the source: both forms use C's escapes.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KEYS = 1000, MAX_TEXT = 2000, MAX_LINE = 2100 };

struct catalogue {
	const char *path;
	char tag[40];
	char name[100];
	bool rtl;
	char *texts[MAX_KEYS];
};

static char *keys[MAX_KEYS]; /* the English texts, in order */
static size_t key_count;
static bool bad;

static void
complain(const char *path, int line, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", path, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	bad = true;
}

static char *
copy(const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = malloc(n);

	if (p == NULL)
		exit(3);
	return memcpy(p, s, n);
}

/* Append the text between the first and the last quote of a line; false without any. */
static bool
quoted(const char *line, char text[MAX_TEXT])
{
	const char *from = strchr(line, '"');
	const char *to = strrchr(line, '"');
	size_t have = strlen(text);
	size_t n;

	if (from == NULL || to == from)
		return false;
	n = (size_t)(to - from - 1);
	if (have + n >= MAX_TEXT)
		return false;
	memcpy(text + have, from + 1, n);
	text[have + n] = '\0';
	return true;
}

static void
read_keys(const char *path)
{
	FILE *in = fopen(path, "r");
	char line[MAX_LINE];
	int number = 0;

	if (in == NULL) {
		complain(path, 0, "cannot be opened");
		return;
	}
	while (fgets(line, sizeof(line), in) != NULL) {
		char text[MAX_TEXT] = "";

		number++;
		if (strncmp(line, "X(", 2) != 0)
			continue;
		if (!quoted(line, text) || text[0] == '\0')
			complain(path, number, "expected X(KEY, \"text\") on one line");
		else if (key_count == MAX_KEYS)
			complain(path, number, "more than %d sentences", MAX_KEYS);
		else
			keys[key_count++] = copy(text);
	}
	fclose(in);
}

/* The value of "Field: value\n" in a catalogue's header. */
static bool
header_field(const char *header, const char *field, char *ret, size_t size)
{
	const char *p = strstr(header, field);
	const char *end;

	if (p == NULL)
		return false;
	p += strlen(field);
	end = strstr(p, "\\n");
	if (end == NULL || (size_t)(end - p) >= size || end == p)
		return false;
	memcpy(ret, p, (size_t)(end - p));
	ret[end - p] = '\0';
	return true;
}

static void
take_header(struct catalogue *c, int line, const char *header)
{
	char direction[8] = "";

	if (!header_field(header, "Language: ", c->tag, sizeof(c->tag)) ||
	    !header_field(header, "X-Name: ", c->name, sizeof(c->name)) ||
	    !header_field(header, "X-Direction: ", direction, sizeof(direction)))
		complain(c->path, line, "the header lacks Language, X-Name or X-Direction");
	else if (strcmp(direction, "ltr") != 0 && strcmp(direction, "rtl") != 0)
		complain(c->path, line, "X-Direction is \"%s\" (expected ltr or rtl)", direction);
	c->rtl = strcmp(direction, "rtl") == 0;
}

static void
take_entry(struct catalogue *c, int line, const char *id, const char *text)
{
	size_t i;

	if (id[0] == '\0') {
		take_header(c, line, text);
		return;
	}
	for (i = 0; i < key_count; i++)
		if (strcmp(keys[i], id) == 0)
			break;
	if (i == key_count)
		complain(c->path, line, "\"%s\" is not a sentence of i18n.def", id);
	else if (c->texts[i] != NULL)
		complain(c->path, line, "\"%s\" is translated twice", id);
	else if (text[0] == '\0')
		complain(c->path, line, "\"%s\" has an empty translation", id);
	else
		c->texts[i] = copy(text);
}

static void
read_catalogue(struct catalogue *c, const char *path)
{
	FILE *in = fopen(path, "r");
	char line[MAX_LINE], id[MAX_TEXT] = "", text[MAX_TEXT] = "";
	char *part = NULL;
	int number = 0;
	size_t i;

	c->path = path;
	if (in == NULL) {
		complain(path, 0, "cannot be opened");
		return;
	}
	while (fgets(line, sizeof(line), in) != NULL) {
		number++;
		if (strncmp(line, "msgid ", 6) == 0) {
			if (part != NULL)
				take_entry(c, number - 1, id, text);
			id[0] = text[0] = '\0';
			part = id;
		} else if (strncmp(line, "msgstr ", 7) == 0 && part == id) {
			part = text;
		} else if (line[0] == '#' || line[0] == '\n') {
			if (strncmp(line, "#,", 2) == 0 && strstr(line, "fuzzy") != NULL)
				complain(path, number, "fuzzy: a person has to look at it");
			continue;
		} else if (line[0] != '"') {
			part = NULL;
		}
		if (part == NULL || !quoted(line, part)) {
			complain(path, number, "expected msgid, msgstr or a quoted text");
			break;
		}
	}
	if (part != NULL)
		take_entry(c, number, id, text);
	for (i = 0; i < key_count; i++)
		if (c->texts[i] == NULL)
			complain(path, number, "\"%s\" is not translated", keys[i]);
	fclose(in);
}

static void
write_texts(FILE *out, size_t number, char *const *texts)
{
	size_t i;

	fprintf(out, "static const char *const texts_%zu[] = {\n", number);
	for (i = 0; i < key_count; i++)
		fprintf(out, "\t\"%s\",\n", texts[i]);
	fprintf(out, "};\n");
}

static bool
write_tables(const char *path, const struct catalogue *all, size_t n)
{
	FILE *out = fopen(path, "w");
	size_t i;

	if (out == NULL)
		return false;
	fprintf(out, "#include \"base/i18n_int.h\"\n");
	write_texts(out, 0, keys);
	for (i = 0; i < n; i++)
		write_texts(out, i + 1, all[i].texts);
	fprintf(out, "const struct i18n_language i18n_languages[] = {\n"
		     "\t{\"en\", \"English\", false, texts_0},\n");
	for (i = 0; i < n; i++)
		fprintf(out, "\t{\"%s\", \"%s\", %s, texts_%zu},\n", all[i].tag, all[i].name,
			all[i].rtl ? "true" : "false", i + 1);
	fprintf(out, "};\nconst size_t i18n_languages_count = %zu;\n", n + 1);
	return fclose(out) == 0;
}

static void
release(struct catalogue *all, size_t n)
{
	size_t i, k;

	for (k = 0; k < key_count; k++) {
		free(keys[k]);
		for (i = 0; i < n; i++)
			free(all[i].texts[k]);
	}
	free(all);
}

int
main(int argc, char **argv)
{
	struct catalogue *all;
	size_t n, i;
	int ret = 1;

	if (argc < 4) {
		fprintf(stderr, "usage: pocompile OUT.c I18N.def FILE.po...\n");
		return 2;
	}
	n = (size_t)argc - 3;
	all = calloc(n, sizeof(*all));
	if (all == NULL)
		return 3;
	read_keys(argv[2]);
	for (i = 0; i < n; i++)
		read_catalogue(&all[i], argv[3 + i]);
	if (!bad && key_count > 0) {
		if (write_tables(argv[1], all, n))
			ret = 0;
		else
			fprintf(stderr, "pocompile: cannot write %s\n", argv[1]);
	}
	release(all, n);
	return ret;
}
