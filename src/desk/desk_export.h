/*
 * desk_export.h — exports of details (DESIGN 3.4): one officer asks, another
 * approves; the file is encrypted to the asker's public key, can be fetched
 * once by the asker, and not after an hour.
 */
#ifndef DESK_DESK_EXPORT_H
#define DESK_DESK_EXPORT_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct desk;
struct officer;
struct sealer;

#define EXPORT_SECONDS 3600

/* alert 0: all persons. recipient: a public key as in crypt/box.h. RC_SYNTAX, RC_DENIED. */
enum rc desk_export_request(struct desk *, const struct officer *, int64_t alert,
			    struct sv recipient, struct sv reason, int64_t now, int64_t *ret_id,
			    struct err *) CHECKED;
/* RC_DENIED for whoever asked; RC_CONFLICT when it was decided. */
enum rc desk_export_approve(struct desk *, const struct officer *, int64_t id, int64_t now,
			    struct err *) CHECKED;
/* Where the encrypted bytes go. */
typedef enum rc desk_sink_fn(void *arg, struct sv bytes, struct err *);
/* RC_DENIED: not the asker; RC_CONFLICT: not approved, over, or fetched. */
enum rc desk_export_fetch(struct desk *, const struct officer *, struct sealer *, int64_t id,
			  int64_t now, desk_sink_fn *, void *arg, int64_t *ret_persons,
			  struct err *) CHECKED;

#endif
