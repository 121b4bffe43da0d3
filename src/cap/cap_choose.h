/*
 * cap_choose.h — which <info> a reader gets. Pure.
 */
#ifndef CAP_CAP_CHOOSE_H
#define CAP_CAP_CHOOSE_H

#include "cap/cap.h"

/* languages: the reader's, most wanted first, ';' between ("ru;en"). For each in
 * turn: lookup (RFC 4647, 3.4), then an info of the same primary subtag; then
 * English; then the first. Returns the info's index; the alert has at least one. */
size_t cap_choose_info(const struct cap_alert *, struct sv languages);

#endif
