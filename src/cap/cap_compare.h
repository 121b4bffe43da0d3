/*
 * cap_compare.h — do the <info> blocks of one message fit together? Pure. For
 * files of this room only.
 */
#ifndef CAP_CAP_COMPARE_H
#define CAP_CAP_COMPARE_H

#include "cap/cap_sink.h"

/* Compare the info that ends, the last of alert->infos, with those before it: the
 * same categories and codes; in one language the same event; in two languages two texts. */
void cap_compare_info(struct cap_sink *, const struct cap_frame *, const struct cap_alert *alert);

/* Lists as sets: order and repetition do not matter. */
bool cap_texts_same(struct cap_texts, struct cap_texts);
bool cap_pairs_same(struct cap_pairs, struct cap_pairs);

#endif
