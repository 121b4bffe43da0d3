/*
 * open.h — what a command works on: the data folder, its configuration, its
 * store, whoever seals and opens.
 */
#ifndef CMD_OPEN_H
#define CMD_OPEN_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/cmd.h"
#include "cmd/config.h"

struct store;
struct sealer;

#define OPEN_PATH 4096

/* "DIR/name" into path; RC_LIMIT. */
enum rc open_path(char path[OPEN_PATH], const char *dir, const char *name, struct err *) CHECKED;

/* Where the store is: the configuration's URI, or DIR/tocsin.sqlite. */
enum rc open_where(char where[OPEN_PATH], const char *dir, const struct config *, struct err *) CHECKED;

/* The installation's store, at this program's schema. RC_NOTFOUND, RC_CONFLICT (schema), RC_IO. */
enum rc cmd_open_store(struct store **ret, const struct cmd_args *, struct err *) CHECKED;

/* The role `keys` when it runs; otherwise the key store itself, for which the
 * master key must be readable. audit rows are written into st. */
enum rc cmd_open_sealer(struct sealer **ret, const struct cmd_args *, struct err *) CHECKED;

/* The master key's file: TOCSIN_MASTER_KEY, keys.master, or DIR/keys/master.key in practice. */
enum rc open_master_path(char path[OPEN_PATH], const char *dir, const struct config *,
			 struct err *) CHECKED;

#endif
