/*
 * cap_write.c — the canonical form, driven by the list of elements. Pure.
 *
 * What reading would change is changed here already (white space at the ends,
 * characters that XML cannot hold; a carriage return is written as a reference), so
 * that write, read, write gives the same bytes.
 */
#include "cap/cap_write.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "cap/cap_element.h"

/* Not of XML's Char production (XML 1.0, 2.2). */
static bool
is_forbidden(uint32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF;
}

void
cap_write_text(struct buf *b, struct sv text)
{
	struct sv rest = text, run;
	uint32_t c;
	size_t before;
	const char *instead;

	run = sv_head(rest, 0);
	while (rest.n > 0) {
		before = rest.n;
		instead = NULL;
		if (!utf8_next(&rest, &c)) {
			rest = sv_from(rest, 1);
			instead = "";
		} else if (c == '&') {
			instead = "&amp;";
		} else if (c == '<') {
			instead = "&lt;";
		} else if (c == '>') {
			instead = "&gt;";
		} else if (c == '\r') {
			instead = "&#13;";
		} else if (is_forbidden(c)) {
			instead = "";
		}
		if (instead == NULL) {
			run.n += before - rest.n;
			continue;
		}
		buf_add(b, run);
		buf_adds(b, instead);
		run = sv_head(rest, 0);
	}
	buf_add(b, run);
}

/* As sv_trim, and through what cap_write_text drops: else white space behind it
 * would come to the end. */
static struct sv
trim(struct sv v)
{
	while (v.n > 0 && (unsigned char)v.p[0] <= ' ')
		v = sv_from(v, 1);
	while (v.n > 0 && (unsigned char)v.p[v.n - 1] <= ' ')
		v.n--;
	return v;
}

static void
open_tag(struct buf *b, const struct cap_element *el, size_t level)
{
	buf_add_fill(b, ' ', 2 * level);
	buf_addc(b, '<');
	buf_add(b, el->name);
	buf_addc(b, '>');
}

static void
close_tag(struct buf *b, const struct cap_element *el)
{
	buf_adds(b, "</");
	buf_add(b, el->name);
	buf_adds(b, ">\n");
}

static void
write_leaf(struct buf *b, const struct cap_element *el, size_t level, struct sv text)
{
	if (text.p == NULL)
		return;
	open_tag(b, el, level);
	cap_write_text(b, trim(text));
	close_tag(b, el);
}

static void
write_time(struct buf *b, const struct cap_element *el, size_t level, const struct cap_time *t)
{
	if (t->text.p != NULL || !t->ok) {
		write_leaf(b, el, level, t->text);
		return;
	}
	open_tag(b, el, level);
	time_add_cap(b, t->at);
	close_tag(b, el);
}

static struct sv
enum_text(const struct cap_element *el, const char *object)
{
	struct sv text = *(const struct sv *)(const void *)(object + el->at);
	int value = *(const int *)(const void *)(object + el->also);

	return text.p == NULL && value > 0 ? sv_of(el->values[value - 1]) : text;
}

static void write_children(struct buf *, const struct cap_kind *, size_t level, const char *object);

static void
write_list(struct buf *b, const struct cap_element *el, size_t level, const char *object)
{
	const char *const *v = (const char *const *)(const void *)(object + el->at);
	size_t i, n = *(const size_t *)(const void *)(object + el->also);
	size_t size = cap_element_item(el);
	const struct cap_kind *kind = cap_element_kind(el);
	const char *item;

	for (i = 0; i < n; i++) {
		item = *v + i * size;
		if (kind == NULL) {
			/* Every such item begins with its text. */
			write_leaf(b, el, level, *(const struct sv *)(const void *)item);
			continue;
		}
		open_tag(b, el, level);
		buf_addc(b, '\n');
		write_children(b, kind, level + 1, item);
		buf_add_fill(b, ' ', 2 * level);
		close_tag(b, el);
	}
}

_Static_assert(offsetof(struct cap_polygon, text) == 0, "a polygon begins with its text");
_Static_assert(offsetof(struct cap_circle, text) == 0, "a circle begins with its text");

/* At most four levels deep: alert, info, area, geocode. */
static void
write_children(struct buf *b, const struct cap_kind *kind, size_t level, const char *object)
{
	const struct cap_element *el;
	size_t i;

	for (i = 0; i < kind->n; i++) {
		el = &kind->children[i];
		switch (el->type) {
		case CAP_TYPE_TEXT:
		case CAP_TYPE_LANGUAGE:
		case CAP_TYPE_URI:
		case CAP_TYPE_INTEGER:
		case CAP_TYPE_DECIMAL:
			write_leaf(b, el, level,
				   *(const struct sv *)(const void *)(object + el->at));
			break;
		case CAP_TYPE_ENUM:
			write_leaf(b, el, level, enum_text(el, object));
			break;
		case CAP_TYPE_TIME:
			write_time(b, el, level,
				   (const struct cap_time *)(const void *)(object + el->at));
			break;
		case CAP_TYPE_SIGNATURE:
		case CAP_TYPE_DROPPED:
			break; /* a signature holds for the bytes it came in only */
		default:
			write_list(b, el, level, object);
			break;
		}
	}
}

void
cap_write(struct buf *b, const struct cap_alert *a)
{
	buf_adds(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alert xmlns=\"" CAP_NS "\">\n");
	write_children(b, &cap_kind_alert, 1, (const char *)a);
	buf_adds(b, "</alert>\n");
}
