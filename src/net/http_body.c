/*
 * http_body.c — answers made once: the whole one and its 304, with a tag from
 * the bytes themselves.
 */
#include <stdatomic.h>
#include <string.h>

#include <microhttpd.h>
#include <openssl/evp.h>

#include "base/mem.h"
#include "base/time.h"
#include "net/http_int.h"

#define ETAG_BYTES 16

struct http_body {
	atomic_uint refs;
	struct sv data; /* belongs to full */
	struct MHD_Response *full;
	struct MHD_Response *unchanged;
	int64_t last_modified;
	char etag[2 * ETAG_BYTES + 3];
};

static void
add_header(struct MHD_Response *r, const char *name, const char *value)
{
	BUG_ON(!http_header_ok(sv_of(name), sv_of(value)));
	BUG_ON(MHD_add_response_header(r, name, value) != MHD_YES);
}

static void
make_etag(struct http_body *b, const char *content_type)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	struct buf text = BUF_INIT(sizeof(b->etag));
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	BUG_ON(!c || EVP_DigestInit_ex(c, EVP_sha256(), NULL) != 1 ||
	       EVP_DigestUpdate(c, content_type, strlen(content_type) + 1) != 1 ||
	       EVP_DigestUpdate(c, b->data.p, b->data.n) != 1 ||
	       EVP_DigestFinal_ex(c, hash, NULL) != 1);
	EVP_MD_CTX_free(c);
	buf_addc(&text, '"');
	buf_add_hex(&text, (struct sv){(const char *)hash, ETAG_BYTES});
	buf_addc(&text, '"');
	BUG_ON(!buf_ok(&text) || text.n != sizeof(b->etag) - 1);
	memcpy(b->etag, text.p, text.n + 1);
	buf_fini(&text);
}

/* RFC 9110, 15.4.5: what a 304 repeats of the headers of its 200. */
static bool
goes_with_304(const char *name)
{
	static const char *const names[] = {"Vary", "Content-Location", "Expires"};
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++)
		if (sv_eq_nocase(sv_of(name), sv_of(names[i])))
			return true;
	return false;
}

struct http_body *
http_body_new(const struct http_body_info *info)
{
	struct http_body *b = MEM_NEW(struct http_body);
	const struct http_body_header *h;
	char *copy;

	BUG_ON(!info->content_type);
	atomic_init(&b->refs, 1);
	copy = mem_dup(info->data.p, info->data.n);
	b->data = (struct sv){copy, info->data.n};
	b->last_modified = info->last_modified;
	b->full = MHD_create_response_from_buffer_with_free_callback(b->data.n, copy, mem_free);
	b->unchanged = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	BUG_ON(!b->full || !b->unchanged);
	make_etag(b, info->content_type);
	add_header(b->full, "Content-Type", info->content_type);
	add_header(b->full, "ETag", b->etag);
	add_header(b->unchanged, "ETag", b->etag);
	if (info->cache_control) {
		add_header(b->full, "Cache-Control", info->cache_control);
		add_header(b->unchanged, "Cache-Control", info->cache_control);
	}
	if (info->last_modified) {
		struct buf date = BUF_INIT(64);

		time_add_http(&date, info->last_modified);
		add_header(b->full, "Last-Modified", buf_str(&date));
		buf_fini(&date);
	}
	for (h = info->headers; h && h->name; h++) {
		add_header(b->full, h->name, h->value);
		if (goes_with_304(h->name))
			add_header(b->unchanged, h->name, h->value);
	}
	return b;
}

struct http_body *
http_body_ref(struct http_body *b)
{
	atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);
	return b;
}

void
http_body_unref(struct http_body **pb)
{
	struct http_body *b = *pb;

	*pb = NULL;
	if (!b || atomic_fetch_sub_explicit(&b->refs, 1, memory_order_acq_rel) != 1)
		return;
	/* Answers still on their way hold the responses, and with them the data. */
	MHD_destroy_response(b->full);
	MHD_destroy_response(b->unchanged);
	mem_free(b);
}

struct sv
http_body_data(const struct http_body *b)
{
	return b->data;
}

struct sv
http_body_etag(const struct http_body *b)
{
	return sv_of(b->etag);
}

struct MHD_Response *
http_body_full(const struct http_body *b)
{
	return b->full;
}

struct MHD_Response *
http_body_unchanged(const struct http_body *b)
{
	return b->unchanged;
}

int64_t
http_body_time(const struct http_body *b)
{
	return b->last_modified;
}

static struct sv
opaque_part(struct sv tag)
{
	return sv_starts(tag, SV("W/")) ? sv_from(tag, 2) : tag;
}

bool
http_etag_match(struct sv list, struct sv etag)
{
	struct sv want = opaque_part(etag);

	list = sv_trim(list);
	if (sv_eq(list, SV("*")))
		return true;
	while (list.n > 0) {
		size_t end;

		if (list.p[0] == ',' || list.p[0] == ' ' || list.p[0] == '\t') {
			list = sv_from(list, 1);
			continue;
		}
		list = opaque_part(list);
		if (list.n == 0 || list.p[0] != '"')
			return false;
		end = 1 + sv_find_char(sv_from(list, 1), '"');
		if (end >= list.n)
			return false;
		if (sv_eq(sv_head(list, end + 1), want))
			return true;
		list = sv_from(list, end + 1);
		if (list.n > 0 && list.p[0] != ',' && list.p[0] != ' ' && list.p[0] != '\t')
			return false;
	}
	return false;
}
