/*
 * public.h — answers that everybody may have.
 */
#ifndef WEB_PUBLIC_H
#define WEB_PUBLIC_H

#include "web/route.h"

route_fn public_list, public_alert, public_xml, public_feed, public_style, public_desk_style;
route_fn public_health, public_metrics;
route_fn public_verify, public_verify_text, public_fingerprint, public_certificate;

struct buf;

#define PUBLIC_LANGUAGES 1024

/* Append what the reader wants: ?lang= before what the browser says. */
void public_wanted(struct buf *, const struct http_request *);
/* The first of the wanted that has a catalogue, else English. */
struct sv public_catalogue(struct sv languages);

/* 404 in the reader's language. */
void public_missing(const struct visit *);

#endif
