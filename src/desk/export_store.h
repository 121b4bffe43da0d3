/*
 * export_store.h — the table `export_request`.
 */
#ifndef DESK_EXPORT_STORE_H
#define DESK_EXPORT_STORE_H

#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

struct arena;
struct store;

struct export_request {
	int64_t id, officer, alert; /* alert 0: all persons */
	struct sv recipient, reason;
	int64_t requested, approver, approved, expires, fetched; /* 0: not yet */
};

/* Inside a transaction; sets id. */
enum rc export_insert(struct store *, struct export_request *, struct err *) CHECKED;
/* RC_NOTFOUND. Texts in the arena; the row is locked until the transaction's end. */
enum rc export_load(struct export_request *ret, struct arena *, struct store *, int64_t id,
		    struct err *) CHECKED;
enum rc export_put_approved(struct store *, int64_t id, int64_t approver, int64_t now,
			    int64_t expires, struct err *) CHECKED;
enum rc export_put_fetched(struct store *, int64_t id, int64_t now, struct err *) CHECKED;

#endif
