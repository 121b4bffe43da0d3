/*
 * config.c — see config.h.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "cap/cap_language.h"
#include "cmd/cmd_help.h"
#include "cmd/config.h"
#include "cmd/toml.h"

enum kind { KIND_TEXT, KIND_INT, KIND_CHOICE };

struct setting {
	const char *name;
	enum kind kind;
	size_t offset;
	int64_t least, most;
	int64_t number;      /* default of an int */
	const char *initial; /* default of a text or choice */
	const char *words;   /* "a|b|c" */
	const char *text;
};

static const struct setting settings[] = {
#define CONFIG_TEXT(field, name, least, most, initial, text) \
	{name, KIND_TEXT, offsetof(struct config, field), least, most, 0, initial, NULL, text},
#define CONFIG_INT(field, name, least, most, initial, text) \
	{name, KIND_INT, offsetof(struct config, field), least, most, initial, NULL, NULL, text},
#define CONFIG_CHOICE(field, name, initial, words, text) \
	{name, KIND_CHOICE, offsetof(struct config, field), 0, 15, 0, initial, words, text},
#include "cmd/config.def"
#undef CONFIG_TEXT
#undef CONFIG_INT
#undef CONFIG_CHOICE
};

/* Bytes that would break what the text becomes part of: CAP 1.2, 3.2.1 for the sender, a
 * header or a command of SMTP for the others. */
static const struct {
	const char *name;
	const char *bytes;
} never[] = {
	{"authority.sender", " \t,<&"},
	{"smtp.from", " \t<>,"},
	{"smtp.hello", " \t<>"},
};

/* A promise in a language that is none could never be kept. */
static enum rc
check_tags(const struct setting *s, struct sv value, struct err *e)
{
	struct sv_split split = sv_split_of(value, ';');
	struct cap_tag unused;
	struct sv tag;

	while (value.n > 0 && sv_split_next(&split, &tag))
		if (!cap_tag_of(&unused, tag))
			return err_set(e, RC_SYNTAX,
				       "%s: \"%.*s\" is no language tag (expected tags such as ru "
				       "with ; between)",
				       s->name, SV_ARG(tag));
	return RC_OK;
}

static enum rc
check_bytes(const struct setting *s, struct sv value, struct err *e)
{
	size_t i, k;

	for (i = 0; i < ARRAY_LEN(never); i++) {
		if (strcmp(never[i].name, s->name) != 0)
			continue;
		for (k = 0; k < value.n; k++)
			if (strchr(never[i].bytes, value.p[k]) != NULL)
				return err_set(e, RC_SYNTAX, "%s: '%c' must not stand in \"%.*s\"",
					       s->name, value.p[k], SV_ARG(value));
	}
	return strcmp(s->name, "authority.languages") == 0 ? check_tags(s, value, e) : RC_OK;
}

struct reading {
	struct config *config;
	int lines[ARRAY_LEN(settings)]; /* where each was set; 0: not yet */
};

static void
put_text(struct config *c, const struct setting *s, struct sv value)
{
	char *field = (char *)c + s->offset;

	BUG_ON(value.n > (size_t)s->most);
	memcpy(field, value.p, value.n);
	field[value.n] = '\0';
}

static void
put_number(struct config *c, const struct setting *s, int64_t value)
{
	memcpy((char *)c + s->offset, &value, sizeof(value));
}

void
config_defaults(struct config *c)
{
	size_t i;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < ARRAY_LEN(settings); i++) {
		if (settings[i].kind == KIND_INT)
			put_number(c, &settings[i], settings[i].number);
		else
			put_text(c, &settings[i], sv_of(settings[i].initial));
	}
}

static bool
is_word(const char *words, struct sv value)
{
	struct sv_split split = sv_split_of(sv_of(words), '|');
	struct sv word;

	while (sv_split_next(&split, &word))
		if (sv_eq(word, value))
			return true;
	return false;
}

static bool
has_control(struct sv v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if ((unsigned char)v.p[i] < 0x20 || v.p[i] == 0x7f)
			return true;
	return false;
}

static enum rc
take_value(struct config *c, const struct setting *s, const struct toml_value *v, struct err *e)
{
	if (s->kind == KIND_INT) {
		if (v->type != TOML_INTEGER || v->number < s->least || v->number > s->most)
			return err_set(e, RC_SYNTAX,
				       "%s: expected a whole number from %lld to %lld", s->name,
				       (long long)s->least, (long long)s->most);
		put_number(c, s, v->number);
		return RC_OK;
	}
	if (v->type != TOML_STRING)
		return err_set(e, RC_SYNTAX, "%s: expected a text in quotes", s->name);
	if (has_control(v->text))
		return err_set(e, RC_SYNTAX, "%s: expected one line of text", s->name);
	if (s->kind == KIND_CHOICE && !is_word(s->words, v->text))
		return err_set(e, RC_SYNTAX, "%s: \"%.*s\" is not one of %s", s->name,
			       SV_ARG(v->text), s->words);
	if (v->text.n < (size_t)s->least || v->text.n > (size_t)s->most)
		return err_set(e, RC_SYNTAX, "%s: expected %lld to %lld bytes, found %zu", s->name,
			       (long long)s->least, (long long)s->most, v->text.n);
	if (check_bytes(s, v->text, e) != RC_OK)
		return RC_SYNTAX;
	put_text(c, s, v->text);
	return RC_OK;
}

/* The setting whose name shares the most with an unknown one, for the sentence. */
static const char *
nearest(struct sv name)
{
	const char *best = settings[0].name;
	size_t i, k, n, most = 0;

	for (i = 0; i < ARRAY_LEN(settings); i++) {
		for (k = 0, n = 0; k < name.n && settings[i].name[k] != '\0'; k++)
			n += name.p[k] == settings[i].name[k];
		if (n > most) {
			most = n;
			best = settings[i].name;
		}
	}
	return best;
}

static enum rc
take_setting(void *arg, struct sv name, const struct toml_value *v, struct err *e)
{
	struct reading *r = arg;
	size_t i;

	for (i = 0; i < ARRAY_LEN(settings); i++)
		if (sv_eq(name, sv_of(settings[i].name)))
			break;
	if (i == ARRAY_LEN(settings))
		return err_set(e, RC_SYNTAX, "there is no setting %.*s (did you mean %s?)",
			       SV_ARG(name), nearest(name));
	if (r->lines[i] != 0)
		return err_set(e, RC_SYNTAX, "%s was set before, in line %d", settings[i].name,
			       r->lines[i]);
	r->lines[i] = v->line;
	return take_value(r->config, &settings[i], v, e);
}

enum rc
config_parse(struct config *ret, struct sv text, struct err *e)
{
	struct config c;
	struct reading r = {&c, {0}};
	enum rc rc;

	config_defaults(&c);
	rc = toml_read(text, take_setting, &r, e);
	if (rc == RC_OK)
		*ret = c;
	return rc;
}

enum rc
config_load(struct config *ret, const char *dir, struct err *e)
{
	struct buf text = BUF_INIT(LIMIT_CONFIG);
	char path[4096];
	enum rc rc;

	if (snprintf(path, sizeof(path), "%s/tocsin.conf", dir) >= (int)sizeof(path))
		return err_set(e, RC_LIMIT, "%s: the path is too long", dir);
	if (!file_exists(path))
		return err_set(e, RC_USAGE,
			       "%s is no data folder: there is no tocsin.conf in it "
			       "(make one with: tocsin init --data %s)",
			       dir, dir);
	rc = file_read(&text, path, e);
	if (rc == RC_OK) {
		rc = config_parse(ret, buf_sv(&text), e);
		if (rc != RC_OK)
			rc = err_in(e, rc, path);
	}
	buf_fini(&text);
	return rc;
}

/* "smtp.port" → table "smtp", key "port"; a top-level name has no table. */
static struct sv
table_of(const char *name)
{
	struct sv v = sv_of(name);
	size_t dot = sv_find_char(v, '.');

	return dot < v.n ? sv_head(v, dot) : SV_NONE;
}

static void
example_setting(struct buf *b, const struct setting *s, const struct config *c)
{
	struct sv table = table_of(s->name);
	const char *key = s->name + (table.n > 0 ? table.n + 1 : 0);
	const char *field = (const char *)c + s->offset;
	int64_t number = 0;

	buf_addf(b, "\n# %s.\n", s->text);
	if (s->kind == KIND_INT) {
		memcpy(&number, field, sizeof(number));
		buf_addf(b, "%s%s = %lld\n", number == s->number ? "#" : "", key,
			 (long long)number);
	} else {
		buf_addf(b, "%s%s = \"", strcmp(field, s->initial) == 0 ? "#" : "", key);
		for (; *field != '\0'; field++)
			buf_addf(b, *field == '"' || *field == '\\' ? "\\%c" : "%c", *field);
		buf_adds(b, "\"\n");
	}
}

void
config_example(struct buf *b, const struct config *c)
{
	struct sv table = SV_NONE;
	size_t i;

	buf_adds(b, "# Settings of this installation; the manual: tocsin manual tocsin.conf\n"
		    "# A line that begins with # shows a default.\n");
	/* TOML: what belongs to no table comes before the first. */
	for (i = 0; i < ARRAY_LEN(settings); i++)
		if (table_of(settings[i].name).n == 0)
			example_setting(b, &settings[i], c);
	for (i = 0; i < ARRAY_LEN(settings); i++) {
		struct sv t = table_of(settings[i].name);

		if (t.n == 0)
			continue;
		if (!sv_eq(t, table))
			buf_addf(b, "\n[%.*s]\n", SV_ARG(t));
		table = t;
		example_setting(b, &settings[i], c);
	}
}

void
config_man(FILE *f)
{
	size_t i;

	fputs(".Dd $Mdocdate$\n.Dt TOCSIN.CONF 5\n.Os\n.Sh NAME\n.Nm tocsin.conf\n"
	      ".Nd settings of a Tocsin installation\n.Sh DESCRIPTION\n"
	      "The file lies in the data folder.\n"
	      "It is a strict part of TOML: comments, tables, texts in double quotes, whole "
	      "numbers, true and false.\n"
	      "A setting that is unknown, repeated or out of bounds is refused with its line;\n"
	      "try a file with\n.Ic tocsin check-config .\n.Sh SETTINGS\n.Bl -tag -width Ds\n",
	      f);
	for (i = 0; i < ARRAY_LEN(settings); i++) {
		const struct setting *s = &settings[i];

		fprintf(f, ".It Ic %s\n", s->name);
		cmd_man_text(f, s->text);
		if (s->kind == KIND_INT)
			fprintf(f, ".\nA whole number from %lld to %lld; default %lld.\n",
				(long long)s->least, (long long)s->most, (long long)s->number);
		else if (s->kind == KIND_CHOICE)
			fprintf(f, ".\nOne of %s; default %s.\n", s->words, s->initial);
		else if (s->initial[0] != '\0')
			fprintf(f, ".\nA text of at most %lld bytes; default\n.Dq %s .\n",
				(long long)s->most, s->initial);
		else
			fprintf(f, ".\nA text of at most %lld bytes; empty by default.\n",
				(long long)s->most);
	}
	fputs(".El\n.Sh SEE ALSO\n.Xr tocsin 1\n", f);
}
