/*
 * alert_end_store.h — whether an alert may still be sent, for files of this room.
 */
#ifndef DELIVERY_ALERT_END_STORE_H
#define DELIVERY_ALERT_END_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/err.h"
#include "delivery/outbox.h"

struct store;

/* True and the event for its rows when the alert is over; *ret_on is untouched
 * while it is in force. A row whose alert does not exist counts as cancelled.
 * lock: nobody ends the alert before this transaction does. */
enum rc alert_end_look(struct store *, int64_t alert, int64_t now, bool lock, bool *ret_over,
		       enum outbox_event *ret_on, struct err *) CHECKED;

#endif
