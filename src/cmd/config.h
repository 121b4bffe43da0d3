/*
 * config.h — the configuration file, DATA/tocsin.conf: one table (config.def)
 * gives the fields, their bounds, defaults and the manual page.
 */
#ifndef CMD_CONFIG_H
#define CMD_CONFIG_H

#include <stdint.h>
#include <stdio.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct config {
#define CONFIG_TEXT(field, name, least, most, initial, text) char field[(most) + 1];
#define CONFIG_INT(field, name, least, most, initial, text)  int64_t field;
#define CONFIG_CHOICE(field, name, initial, words, text)     char field[16];
#include "cmd/config.def"
#undef CONFIG_TEXT
#undef CONFIG_INT
#undef CONFIG_CHOICE
};

void config_defaults(struct config *);

/* RC_SYNTAX with line and reason, RC_LIMIT; ret is unchanged then. Pure. */
enum rc config_parse(struct config *ret, struct sv text, struct err *) CHECKED;

/* DIR/tocsin.conf. RC_NOTFOUND when DIR is no data folder, RC_IO, and as above. */
enum rc config_load(struct config *ret, const char *dir, struct err *) CHECKED;

/* A file with every setting and its text; what is at its default stands in a
 * comment. */
struct buf;
void config_example(struct buf *, const struct config *);

void config_man(FILE *); /* tocsin.conf(5) */

#endif
