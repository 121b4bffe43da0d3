/*
 * t_config.c — the configuration file: what is refused, with line and reason;
 * every bound; the example file read back.
 */
#include <stdio.h>

#include "test/lib/unit.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cmd/cmd_list.h"
#include "cmd/config.h"

/* The manual's printer, linked with the table of settings, knows no command here. */
const struct cmd *const cmd_list[1] = {NULL};
const size_t cmd_list_n = 0;

static void
refused(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"[smtp]\nport = 0\n",
		 "line 2: smtp.port: expected a whole number from 1 to 65535"},
		{"[smtp]\nport = \"25\"\n", "line 2: smtp.port: expected a whole number"},
		{"[smtp]\nport = 25 26\n", "line 2: text after the value"},
		{"[smtp]\nport = 0x19\n", "line 2: "},
		{"[smtp]\nport = 99999999999999999999\n", "line 2: expected a value"},
		{"[smtp]\nport 25\n", "line 2: expected name = value"},
		{"[smtp]\n\n# x\nprot = 25\n",
		 "line 4: there is no setting smtp.prot (did you mean smtp.port?)"},
		{"[smtp]\nport = 25\nport = 26\n", "line 3: smtp.port was set before, in line 2"},
		{"[smtp\nport = 25\n", "line 1: expected a table such as [smtp]"},
		{"[smtp] x\n", "line 1: expected a table"},
		{"[]\n", "line 1: expected a table"},
		{"smtp.port = 25\n", "line 1: expected name = value"},
		{"port = 25\n", "line 1: there is no setting port"},
		{"[authority]\nname = Embassy\n", "line 2: expected a value"},
		{"[authority]\nname = 'Embassy'\n", "line 2: expected a value"},
		{"[authority]\nname = \"Embassy\n", "line 2: the string is not closed"},
		{"[authority]\nname = \"a\\q\"\n", "line 2: unknown escape"},
		{"[authority]\nname = \"a\\ud800\"\n", "line 2: unknown escape"},
		{"[authority]\nname = \"a\\u12\"\n", "line 2: unknown escape"},
		{"[authority]\nname = \"a\\nBcc: b\"\n",
		 "line 2: authority.name: expected one line"},
		{"[authority]\nname = \"a\\u0000b\"\n",
		 "line 2: authority.name: expected one line"},
		{"[authority]\nname = \"a\\rb\"\n", "line 2: authority.name: expected one line"},
		{"[authority]\nname = \"\"\n",
		 "line 2: authority.name: expected 1 to 120 bytes, found 0"},
		{"[authority]\nsender = \"the desk\"\n",
		 "line 2: authority.sender: ' ' must not stand"},
		{"[authority]\nsender = \"a,b,c\"\n",
		 "line 2: authority.sender: ',' must not stand"},
		{"[authority]\nlanguages = \"en, ru\"\n",
		 "line 2: authority.languages: \"en, ru\" is no language tag"},
		{"[authority]\nlanguages = \"en;\"\n",
		 "line 2: authority.languages: \"\" is no language tag"},
		{"[smtp]\nfrom = \"A <a@b>\"\n", "line 2: smtp.from: ' ' must not stand"},
		{"[log]\nlevel = \"loud\"\n",
		 "line 2: log.level: \"loud\" is not one of debug|info"},
		{"[log]\nlevel = true\n", "line 2: log.level: expected a text in quotes"},
		{"# \xff\n", "not valid UTF-8 at byte 2"},
	};
	struct config c, before;
	struct err e = ERR_INIT;
	size_t i;

	(void)state;
	config_defaults(&before);
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		c = before;
		assert_int_equal(config_parse(&c, sv_of(cases[i].text), &e), RC_SYNTAX);
		if (!sv_starts(sv_of(e.text), sv_of(cases[i].says)))
			fail_msg("%s\ngot  %s\nwant %s", cases[i].text, e.text, cases[i].says);
		assert_memory_equal(&c, &before, sizeof(c));
	}
}

static void
accepted(void **state)
{
	static const char text[] = "store = \"postgresql://db/tocsin\" # at the top\r\n"
				   "[authority]\n"
				   "  name = \"\\\"A\\\" \\\\ \\u00e9\\U0001f600 # no comment\"\n"
				   "[ smtp ]\n"
				   "port=587\n"
				   "[log]\n"
				   "level = \"debug\"";
	struct config c;
	struct err e = ERR_INIT;

	(void)state;
	if (config_parse(&c, sv_of(text), &e) != RC_OK)
		fail_msg("%s", e.text);
	assert_string_equal(c.store, "postgresql://db/tocsin");
	assert_string_equal(c.authority_name, "\"A\" \\ é😀 # no comment");
	assert_int_equal(c.smtp_port, 587);
	assert_string_equal(c.log_level, "debug");
	assert_string_equal(c.smtp_host, "127.0.0.1");
	assert_int_equal(config_parse(&c, SV(""), &e), RC_OK);
	assert_int_equal(c.web_port, 8080);
}

/* "table.key" as two lines with the value. */
static struct sv
file_with(struct arena *a, const char *name, struct sv value)
{
	size_t dot = sv_find_char(sv_of(name), '.');

	if (dot == strlen(name))
		return arena_fmt(a, "%s = %.*s\n", name, SV_ARG(value));
	return arena_fmt(a, "[%.*s]\n%s = %.*s\n", (int)dot, name, name + dot + 1, SV_ARG(value));
}

static void
number_bounds(struct arena *a, const char *name, int64_t least, int64_t most)
{
	const struct {
		int64_t v;
		bool good;
	} tries[] = {{least, true}, {most, true}, {least - 1, false}, {most + 1, false}};
	struct config c;
	size_t i;

	for (i = 0; i < ARRAY_LEN(tries); i++)
		if ((config_parse(&c,
				  file_with(a, name, arena_fmt(a, "%lld", (long long)tries[i].v)),
				  NULL) == RC_OK) != tries[i].good)
			fail_msg("%s = %lld", name, (long long)tries[i].v);
}

static void
text_bounds(struct arena *a, const char *name, size_t least, size_t most)
{
	const struct {
		size_t n;
		bool good;
	} tries[] = {{least, true}, {most, true}, {most + 1, false}, {least - 1, least == 0}};
	bool tags = strcmp(name, "authority.languages") == 0;
	struct buf value = BUF_INIT(KIB);
	struct config c;
	size_t i, k;

	for (i = 0; i < ARRAY_LEN(tries) - (least == 0); i++) {
		buf_reset(&value);
		buf_addc(&value, '"');
		/* One letter is a language tag, 200 are none. */
		for (k = 0; k < tries[i].n; k++)
			buf_addc(&value, tags && k % 2 == 1 && k + 1 < tries[i].n ? ';' : 'x');
		buf_addc(&value, '"');
		if ((config_parse(&c, file_with(a, name, buf_sv(&value)), NULL) == RC_OK) !=
		    tries[i].good)
			fail_msg("%s with %zu bytes", name, tries[i].n);
	}
	buf_fini(&value);
}

static void
bounds(void **state)
{
	struct arena *a = arena_new();

	(void)state;
#define CONFIG_TEXT(field, name, least, most, initial, text) text_bounds(a, name, least, most);
#define CONFIG_INT(field, name, least, most, initial, text)  number_bounds(a, name, least, most);
#define CONFIG_CHOICE(field, name, initial, words, text)
#include "cmd/config.def"
#undef CONFIG_TEXT
#undef CONFIG_INT
#undef CONFIG_CHOICE
	arena_free(&a);
}

static void
example(void **state)
{
	struct buf text = BUF_INIT(LIMIT_CONFIG);
	struct config c, back;
	struct err e = ERR_INIT;

	(void)state;
	config_defaults(&c);
	config_example(&text, &c);
	if (config_parse(&back, buf_sv(&text), &e) != RC_OK)
		fail_msg("%s", e.text);
	assert_memory_equal(&c, &back, sizeof(c));
	/* Other values than the defaults, with what needs an escape. */
	snprintf(c.authority_name, sizeof(c.authority_name), "%s", "The \"old\" embassy \\ é");
	snprintf(c.store, sizeof(c.store), "%s", "postgresql://db/x");
	c.web_port = 0;
	c.alert_hours = 720;
	buf_reset(&text);
	config_example(&text, &c);
	if (config_parse(&back, buf_sv(&text), &e) != RC_OK)
		fail_msg("%s", e.text);
	assert_memory_equal(&c, &back, sizeof(c));
	buf_fini(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused),
		cmocka_unit_test(accepted),
		cmocka_unit_test(bounds),
		cmocka_unit_test(example),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
