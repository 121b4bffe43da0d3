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

static struct sv
ns_of(const struct cap_node *n)
{
	if (n->space == CAP_SPACE_NONE)
		return SV("");
	return cap_space_is_cap(n->space) ? SV(CAP_NS) : n->ns;
}

/* An element that stays as it came, inside one of the namespace `around`; another is
 * declared, so that it is the same element to whoever reads it. At most LIMIT_CAP_DEPTH deep. */
static void
write_kept(struct buf *b, const struct cap_node *n, struct sv around)
{
	const struct cap_node *c;
	struct sv ns;

	if (n->name.p == NULL) {
		cap_write_text(b, n->text);
		return;
	}
	ns = ns_of(n);
	buf_addc(b, '<');
	buf_add(b, n->name);
	if (!sv_eq(ns, around)) {
		/* The parser takes URIs only: there is no quote in it. */
		buf_adds(b, " xmlns=\"");
		cap_write_text(b, ns);
		buf_addc(b, '"');
	}
	buf_addc(b, '>');
	for (c = n->first; c != NULL; c = c->next)
		write_kept(b, c, ns);
	close_tag(b, n);
}

/* At most LIMIT_CAP_DEPTH deep. */
static void
write_node(struct buf *b, const struct cap_node *n, size_t level)
{
	const struct cap_node *c;
	bool frame = n->el == NULL || cap_element_kind(n->el) != NULL;

	buf_add_fill(b, ' ', 2 * level);
	if (n->raw) {
		write_kept(b, n, SV(CAP_NS));
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
cap_tree_write_raw(struct buf *b, const struct cap_node *n)
{
	const struct cap_node *c;

	if (n->name.p == NULL) {
		cap_write_text(b, n->text);
		return;
	}
	buf_addc(b, '<');
	buf_add(b, n->name);
	if (n->attributes.n > 0) {
		buf_addc(b, ' ');
		buf_add(b, n->attributes);
	}
	buf_addc(b, '>');
	cap_write_text(b, n->text); /* once it was gathered from the runs */
	for (c = n->first; c != NULL; c = c->next)
		cap_tree_write_raw(b, c);
	close_tag(b, n);
}
