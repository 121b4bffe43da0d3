/*
 * open.h — what a command works on: the data folder, its configuration, its
 * store, whoever seals and opens, the desk and the officer at it.
 */
#ifndef CMD_OPEN_H
#define CMD_OPEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "cmd/cmd.h"
#include "cmd/config.h"
#include "desk/desk.h"

struct arena;
struct sealer;
struct store;

#define OPEN_PATH 4096

/* "DIR/name" into path; RC_LIMIT. */
enum rc open_path(char path[OPEN_PATH], const char *dir, const char *name, struct err *) CHECKED;

/* Where the store is: the configuration's URI, or DIR/tocsin.sqlite. */
enum rc open_where(char where[OPEN_PATH], const char *dir, const struct config *, struct err *)
	CHECKED;

/* The master key's file: TOCSIN_MASTER_KEY, keys.master, or DIR/keys/master.key in practice.
 * RC_NOTFOUND says how to name it. */
enum rc open_master_path(char path[OPEN_PATH], const char *dir, const struct config *,
			 bool practice, struct err *) CHECKED;

/* The installation's store, at this program's schema. RC_NOTFOUND, RC_CONFLICT (schema), RC_IO. */
enum rc cmd_open_store(struct store **ret, const struct cmd_args *, struct err *) CHECKED;

/* Whoever seals and opens: the role `keys` when it runs; otherwise the key store itself, for
 * which the master key must be readable. Zero it first; open_sealer_fini also after a failure.
 * RC_NOTFOUND, RC_IO, RC_DENIED. */
struct open_sealer {
	struct sealer *sealer;
	struct store *audit; /* where the key store's audit rows go; NULL when the role does it */
};

enum rc open_sealer(struct open_sealer *, const struct cmd_args *, struct err *) CHECKED;
void open_sealer_fini(struct open_sealer *);

/* Everything that acts for the authority: store, desk, and, when as_officer, the officer named by
 * --as, with the password from TOCSIN_PASSWORD_FILE or the terminal. Zero it first; open_fini
 * releases what was opened, also after a failure. */
struct open {
	struct config config;
	struct store *st;
	struct arena *arena;
	struct desk desk;
	struct officer officer;
	struct buf key_pem, cert_pem;
};

enum rc open_desk(struct open *, const struct cmd_args *, bool as_officer, struct err *) CHECKED;
/* The signing key too. */
enum rc open_signing(struct open *, const struct cmd_args *, struct err *) CHECKED;
void open_fini(struct open *);

/* A password: from the file that TOCSIN_PASSWORD_FILE names, else asked on the terminal without
 * echo. RC_DENIED when there is neither. The caller wipes and releases it. */
enum rc open_password(struct buf *ret, const char *prompt, struct err *) CHECKED;

/* The option --as of every command that acts for the authority. */
#define OPEN_AS_OPTION                                                                           \
	{                                                                                        \
		"as", "OFFICER", "who does this; password: TOCSIN_PASSWORD_FILE or the terminal" \
	}

/* A whole positive id in an argument. RC_USAGE. */
enum rc open_id(const char *text, const char *what, int64_t *ret, struct err *) CHECKED;

#endif
