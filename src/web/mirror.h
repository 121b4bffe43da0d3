/*
 * mirror.h — everything public as the files of one folder, and a signed list of them. Pure:
 * rows in, bytes out, by the functions that make the pages that are served.
 *
 *   index.html …          the list, in each language of the program
 *   alert/ID.html …       an alert, in each of its languages
 *   alert/ID.xml          its signed CAP message, byte for byte
 *   feed.atom style.css certificate.pem verify….html fingerprint….html
 *   mirror.txt            of what this is a copy, when it was made, when the next is expected
 *   SHA256SUMS            all of the above, as sha256sum(1) writes it
 *   SHA256SUMS.sig        its signature (crypt/detached.h)
 */
#ifndef WEB_MIRROR_H
#define WEB_MIRROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert_store.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"
#include "desk/desk.h"

struct arena;
struct mirror;

#define MIRROR_NOTE "mirror.txt"
#define MIRROR_LIST "SHA256SUMS"
/* How the note begins, and the line behind it. */
#define MIRROR_MARK "Tocsin mirror\n"
#define MIRROR_OF   "Installation: "

struct mirror_file {
	struct sv name, data;
};

/* rows: as alert_published gives them, in the arena, which passes on. The desk has its signing
 * key. until: before when the next mirror is expected. RC_SYNTAX, RC_LIMIT. */
enum rc mirror_new(struct mirror **ret, const struct desk *, const struct alert_list *rows,
		   struct arena *, int64_t now, int64_t until, struct err *) CHECKED;
void mirror_free(struct mirror **); /* NULL inside is fine; leaves NULL */

/* The i-th file, in the order in which they are to be written; false behind the last. The
 * last three are the note, the list and its signature. */
bool mirror_file(const struct mirror *, size_t i, struct mirror_file *ret);

/* Whether a folder with such a note is a mirror of that installation, or one that it only began
 * (the mark alone). Another's is not ours: a drill must not take the place of what is in force. */
bool mirror_is_of(struct sv note, struct sv installation);

/* The next line of a list off the front of *rest: false when there is none of that form. */
bool mirror_list_next(struct sv *rest, struct sv *ret_hash, struct sv *ret_name);

/* A name that only pages and alerts of a mirror have: what may be removed when it is no
 * longer among the files. */
bool mirror_is_page(struct sv name);

#endif
