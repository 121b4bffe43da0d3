/*
 * desk_page.h — what an officer sees once signed in: the alerts and their counts.
 */
#ifndef WEB_DESK_PAGE_H
#define WEB_DESK_PAGE_H

#include "web/route.h"

route_fn desk_page_list, desk_page_alert;

void desk_page_open(const struct visit *, struct sv title);
void desk_page_close(const struct visit *);

/* 503 with one sentence, on a page of the desk. */
void desk_page_failed(const struct visit *, const char *sentence);

#endif
