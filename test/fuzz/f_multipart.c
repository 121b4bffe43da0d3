/*
 * f_multipart.c — a first line as Content-Type and the rest as the body: parts lie in the
 * body one after the other, and none holds the boundary that ends it.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "net/http_multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_inside(struct sv body, struct sv part)
{
	BUG_ON(part.p < body.p || part.p + part.n > body.p + body.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv all = {size > 0 ? (const char *)data : "", size};
	struct sv type = sv_head(all, sv_find_char(all, '\n'));
	struct sv body = sv_from(all, type.n + 1);
	struct http_parts parts;
	const char *last = body.p;
	size_t i;

	if (!http_multipart_parse(&parts, type, body))
		return 0;
	BUG_ON(!http_is_multipart(type) || parts.n > HTTP_PARTS_MAX);
	for (i = 0; i < parts.n; i++) {
		check_inside(body, parts.v[i].name);
		check_inside(body, parts.v[i].data);
		if (parts.v[i].filename.p != NULL)
			check_inside(body, parts.v[i].filename);
		BUG_ON(parts.v[i].name.p < last || parts.v[i].data.p < parts.v[i].name.p);
		last = parts.v[i].data.p + parts.v[i].data.n;
		/* Whoever wrote the body chose a boundary that is in no part. */
		BUG_ON(sv_find(parts.v[i].data, SV("\r\n--B")) < parts.v[i].data.n &&
		       sv_eq(type, SV("multipart/form-data; boundary=B")));
	}
	return 0;
}
