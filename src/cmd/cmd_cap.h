/*
 * cmd_cap.h — what the `tocsin cap` commands share.
 */
#ifndef CMD_CMD_CAP_H
#define CMD_CMD_CAP_H

#include <stdio.h>

#include "base/sv.h"
#include "cmd/cmd.h"

struct cap_alert;
struct err;
struct json_t;

/* For a terminal: control characters but line feed and tab are dropped, bytes that
 * are no UTF-8 become "?"; a line feed is followed by `indent` spaces. */
void cap_put(FILE *, struct sv, int indent);

/* The name of a file, for a terminal: what would move the cursor becomes "?". */
void cap_put_name(FILE *, const char *name);

/* "tocsin: FILE: what" on standard error; file may be NULL when the sentence names it. */
void cap_put_error(const char *file, struct sv what);

/* A text as JSON (jansson.h), which holds UTF-8 only: a file's name need not be, nor what a broken
 * file made us quote; other bytes become U+FFFD. */
struct json_t *cap_json(struct sv);

/* The reason for a file that is over the limit, without its name: who prints it says that. */
void cap_too_large(struct err *);

/* The readable account of one message; languages: the reader's, as of cap_choose_language, with p
 * NULL: all infos. */
void cap_account(FILE *, const struct cap_alert *, struct sv languages);

#endif
