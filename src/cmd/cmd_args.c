/*
 * cmd_args.c — see cmd_args.h. Options may stand anywhere; "--" ends them;
 * "--name=value" and "--name value" are the same.
 */
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cmd/cmd_args.h"

struct given {
	const struct cmd_option *option;
	const char *value;
};

struct cmd_args {
	const struct cmd *cmd;
	struct given *given;
	size_t n_given;
	const char **args;
	size_t n_args;
};

const struct cmd_option cmd_common_options[] = {
	{"data", "DIR", "the data folder (default: var/ when it exists, else /var/lib/tocsin)"},
	{"help", NULL, "print this help"},
	{NULL, NULL, NULL},
};

static const struct cmd_option *
find_option(const struct cmd_option *o, struct sv name)
{
	for (; o != NULL && o->name != NULL; o++)
		if (sv_eq(sv_of(o->name), name))
			return o;
	return NULL;
}

static enum rc
take_option(struct cmd_args *a, int argc, char **argv, int *at, struct err *e)
{
	struct sv text = sv_of(argv[*at] + 2);
	size_t equals = sv_find_char(text, '=');
	struct sv name = sv_head(text, equals);
	const struct cmd_option *o = find_option(a->cmd->options, name);
	const char *value = NULL;

	if (o == NULL)
		o = find_option(cmd_common_options, name);
	if (o == NULL)
		return err_set(e, RC_USAGE, "%s: there is no option --%.*s (see tocsin %s --help)",
			       a->cmd->name, SV_ARG(name), a->cmd->name);
	if (o->arg == NULL && equals < text.n)
		return err_set(e, RC_USAGE, "--%s takes no value", o->name);
	if (o->arg != NULL) {
		if (equals < text.n)
			value = argv[*at] + 2 + equals + 1;
		else if (*at + 1 < argc)
			value = argv[++*at];
		else
			return err_set(e, RC_USAGE, "--%s needs %s behind it", o->name, o->arg);
	}
	a->given[a->n_given++] = (struct given){o, value};
	return RC_OK;
}

enum rc
cmd_args_parse(struct cmd_args **ret, const struct cmd *cmd, int argc, char **argv, struct err *e)
{
	struct cmd_args *a = MEM_NEW(struct cmd_args);
	bool options = true;
	enum rc rc = RC_OK;
	int i;

	a->cmd = cmd;
	a->given = MEM_NEW_N(struct given, (size_t)argc + 1);
	a->args = MEM_NEW_N(const char *, (size_t)argc + 1);
	for (i = 0; i < argc && rc == RC_OK; i++) {
		if (options && strcmp(argv[i], "--") == 0)
			options = false;
		else if (options && argv[i][0] == '-' && argv[i][1] == '-')
			rc = take_option(a, argc, argv, &i, e);
		else if (options && argv[i][0] == '-' && argv[i][1] != '\0')
			rc = err_set(e, RC_USAGE, "%s: options are written --name, found \"%s\"",
				     cmd->name, argv[i]);
		else
			a->args[a->n_args++] = argv[i];
	}
	if (rc == RC_OK && !cmd_flag(a, "help")) {
		if (a->n_args < (size_t)cmd->min_args)
			rc = err_set(e, RC_USAGE, "usage: tocsin %s %s", cmd->name, cmd->args);
		else if (cmd->max_args >= 0 && a->n_args > (size_t)cmd->max_args)
			rc = err_set(e, RC_USAGE,
				     "%s: \"%s\" is one argument too many (usage: tocsin %s%s%s)",
				     cmd->name, a->args[cmd->max_args], cmd->name,
				     cmd->args[0] != '\0' ? " " : "", cmd->args);
	}
	if (rc == RC_OK) {
		*ret = a;
		a = NULL;
	}
	cmd_args_free(&a);
	return rc;
}

void
cmd_args_free(struct cmd_args **a)
{
	if (*a == NULL)
		return;
	mem_free((*a)->given);
	mem_free((*a)->args);
	MEM_FREE(a);
}

bool
cmd_flag(const struct cmd_args *a, const char *name)
{
	size_t i;

	for (i = 0; i < a->n_given; i++)
		if (strcmp(a->given[i].option->name, name) == 0)
			return true;
	return false;
}

const char *
cmd_value(const struct cmd_args *a, const char *name)
{
	size_t i;

	for (i = a->n_given; i-- > 0;)
		if (strcmp(a->given[i].option->name, name) == 0)
			return a->given[i].value;
	return NULL;
}

const char *
cmd_value_at(const struct cmd_args *a, const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < a->n_given; i++)
		if (strcmp(a->given[i].option->name, name) == 0 && n-- == 0)
			return a->given[i].value;
	return NULL;
}

size_t
cmd_count(const struct cmd_args *a)
{
	return a->n_args;
}

const char *
cmd_arg(const struct cmd_args *a, size_t i)
{
	BUG_ON(i >= a->n_args);
	return a->args[i];
}

const char *
cmd_data(const struct cmd_args *a)
{
	const char *dir = cmd_value(a, "data");

	if (dir != NULL)
		return dir;
	return file_exists("var/tocsin.conf") ? "var" : "/var/lib/tocsin";
}

enum rc
cmd_number(const struct cmd_args *a, const char *name, long long min, long long max, long long *ret,
	   struct err *e)
{
	const char *text = cmd_value(a, name);
	int64_t value;

	if (text == NULL)
		return RC_OK;
	if (!sv_to_i64(sv_of(text), &value) || value < min || value > max)
		return err_set(e, RC_USAGE, "--%s: \"%s\" is not a whole number from %lld to %lld",
			       name, text, min, max);
	*ret = value;
	return RC_OK;
}
