/*
 * language.h — which languages a reader wants (RFC 9110, 12.5.4). Pure.
 */
#ifndef WEB_LANGUAGE_H
#define WEB_LANGUAGE_H

#include "base/sv.h"

struct buf;

/* Append the tags of an Accept-Language value, most wanted first, ';' between, as
 * cap_choose_info reads them; those with q=0, "*" and what is no tag are left out. */
void language_wanted(struct buf *, struct sv accept_language);

/* A tag as of BCP 47 in form: 1 to 35 letters, digits and '-'. */
bool language_is_tag(struct sv);

#endif
