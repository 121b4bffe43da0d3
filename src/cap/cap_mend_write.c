/*
 * cap_mend_write.c — a mended tree as text. Pure.
 *
 * The form is that of cap_write, which cannot hold what a valid message does not
 * have: a repeated single element, an element in the wrong place. Those are written
 * where they are, so that nothing is lost and the strict reader finds them.
 */
#include "base/buf.h"
#include "cap/cap_mend_int.h"
#include "cap/cap_write.h"

static void
open_tag(struct buf *b, const struct cap_node *n)
{
	buf_addc(b, '<');
	buf_add(b, n->name);
	buf_addc(b, '>');
}

static void
close_tag(struct buf *b, const struct cap_node *n)
{
	buf_adds(b, "</");
	buf_add(b, n->name);
	buf_addc(b, '>');
}

/* At most LIMIT_CAP_DEPTH deep. */
static void
write_node(struct buf *b, const struct cap_node *n, size_t level)
{
	const struct cap_node *c;
	bool frame = n->el == NULL || cap_element_kind(n->el) != NULL;

	buf_add_fill(b, ' ', 2 * level);
	if (n->raw) {
		cap_tree_write_raw(b, n, false);
		buf_addc(b, '\n');
		return;
	}
	open_tag(b, n);
	cap_write_text(b, n->text);
	if (n->first != NULL || (frame && n->text.n == 0)) {
		buf_addc(b, '\n');
		for (c = n->first; c != NULL; c = c->next)
			write_node(b, c, level + 1);
		buf_add_fill(b, ' ', 2 * level);
	}
	close_tag(b, n);
	buf_addc(b, '\n');
}

void
cap_tree_write(struct buf *b, const struct cap_node *alert)
{
	const struct cap_node *c;

	buf_adds(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alert xmlns=\"" CAP_NS "\">\n");
	cap_write_text(b, alert->text);
	if (alert->text.n > 0)
		buf_addc(b, '\n');
	for (c = alert->first; c != NULL; c = c->next)
		write_node(b, c, 1);
	buf_adds(b, "</alert>\n");
}

/* At most LIMIT_CAP_DEPTH deep. */
void
cap_tree_write_raw(struct buf *b, const struct cap_node *n, bool attributes)
{
	const struct cap_node *c;

	if (n->name.p == NULL) {
		cap_write_text(b, n->text);
		return;
	}
	buf_addc(b, '<');
	buf_add(b, n->name);
	if (attributes && n->attributes.n > 0) {
		buf_addc(b, ' ');
		buf_add(b, n->attributes);
	}
	buf_addc(b, '>');
	cap_write_text(b, n->text); /* once it was gathered from the runs */
	for (c = n->first; c != NULL; c = c->next)
		cap_tree_write_raw(b, c, attributes);
	close_tag(b, n);
}
