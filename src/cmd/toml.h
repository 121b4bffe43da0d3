/*
 * toml.h — the strict part of TOML 1.0 that the configuration uses: comments,
 * [table] headers, `key = value` with bare keys, basic strings, decimal
 * integers, true and false. Everything else is refused by line and reason. Pure.
 */
#ifndef CMD_TOML_H
#define CMD_TOML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

enum toml_type { TOML_STRING, TOML_INTEGER, TOML_BOOLEAN };

struct toml_value {
	enum toml_type type;
	struct sv text; /* of a string, its escapes resolved; until the next call */
	int64_t number; /* of an integer, or 0 and 1 */
	int line;
};

/* name is "table.key", or "key" before the first table. What fn returns other
 * than RC_OK ends the reading. */
typedef enum rc toml_fn(void *arg, struct sv name, const struct toml_value *, struct err *);

/* RC_SYNTAX with "line N: …", or what fn returned with the line put in front. */
enum rc toml_read(struct sv text, toml_fn *, void *arg, struct err *) CHECKED;

#endif
