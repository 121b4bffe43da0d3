/*
 * public.h — answers that everybody may have.
 */
#ifndef WEB_PUBLIC_H
#define WEB_PUBLIC_H

#include "web/route.h"

route_fn public_list, public_alert, public_xml, public_feed, public_style, public_desk_style;
route_fn public_health, public_metrics;

/* 404 in the reader's language. */
void public_missing(const struct visit *);

#endif
