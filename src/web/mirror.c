/*
 * mirror.c — see mirror.h.
 */
#include "web/mirror.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crypt/detached.h"
#include "crypt/hash.h"
#include "web/page.h"
#include "web/published.h"
#include "web/web_int.h"

#define LIST_MAX (16 * MIB)

struct mirror {
	struct arena *arena;
	struct published *published; /* holds the bytes of the pages */
	struct mirror_file *v;
	size_t n, cap;
	struct buf list;
};

static bool
add_file(void *arg, struct sv name, struct sv data)
{
	struct mirror *m = arg;
	unsigned char hash[HASH_BYTES];

	m->v = mem_grow(m->v, &m->cap, m->n + 1, sizeof(*m->v));
	m->v[m->n++] = (struct mirror_file){arena_sv(m->arena, name), data};
	hash_sha256(hash, data);
	buf_add_hex(&m->list, (struct sv){(const char *)hash, sizeof(hash)});
	buf_addf(&m->list, "  %.*s\n", SV_ARG(name));
	return true;
}

static void
add_note(struct mirror *m, const struct page_site *site)
{
	struct buf b = BUF_INIT(64 * KIB);

	buf_addf(&b, MIRROR_MARK MIRROR_OF "%.*s\nAuthority: %.*s\nCopy of: %.*s\nMade: ",
		 SV_ARG(site->installation), SV_ARG(site->authority), SV_ARG(site->mirror->origin));
	time_add_rfc3339(&b, site->mirror->made);
	buf_adds(&b, "\nNext before: ");
	time_add_rfc3339(&b, site->mirror->until);
	buf_addf(&b, "\nCertificate: %.*s\n", SV_ARG(site->fingerprint));
	add_file(m, SV(MIRROR_NOTE), arena_sv(m->arena, buf_sv(&b)));
	buf_fini(&b);
}

/* The list is not in itself; its signature is of its bytes. */
static enum rc
add_signed_list(struct mirror *m, struct sv key_pem, struct err *e)
{
	struct buf signature = BUF_INIT(LIMIT_KEY_FILE);
	struct sv list = arena_sv(m->arena, buf_sv(&m->list));
	enum rc rc = buf_check(&m->list, "the list of the mirror's files", e);

	if (rc == RC_OK)
		rc = crypt_sign_detached(&signature, list, key_pem, e);
	if (rc == RC_OK) {
		add_file(m, SV(MIRROR_LIST), list);
		add_file(m, SV(MIRROR_LIST ".sig"), arena_sv(m->arena, buf_sv(&signature)));
	}
	buf_fini(&signature);
	return rc;
}

enum rc
mirror_new(struct mirror **ret, const struct desk *d, const struct alert_list *rows,
	   struct arena *rows_arena, int64_t now, int64_t until, struct err *e)
{
	const struct desk_settings *set = &d->set;
	struct page_mirror copy = {
		.made = now,
		.until = until,
		.origin = set->url.n > 0 ? set->url : set->authority,
	};
	struct page_site site = {
		.authority = set->authority,
		.contact = set->contact,
		.url = set->url,
		.installation = d->installation,
		.practice = d->practice,
		.mirror = &copy,
	};
	const struct alert_list none = {NULL, 0};
	struct mirror *m = MEM_NEW(struct mirror);
	enum rc rc;

	m->arena = arena_new();
	buf_init(&m->list, LIST_MAX);
	rc = web_fingerprint(&site.fingerprint, m->arena, set->cert_pem, e);
	if (rc != RC_OK) {
		arena_free(&rows_arena);
		goto out;
	}
	add_file(m, SV("style.css"), web_style("style.css"));
	add_file(m, SV("certificate.pem"), set->cert_pem);
	m->published = published_new(&site, rows, &none, rows_arena, now);
	published_files(m->published, add_file, m);
	add_note(m, &site);
	rc = add_signed_list(m, set->key_pem, e);
	if (rc == RC_OK) {
		*ret = m;
		m = NULL;
	}
out:
	mirror_free(&m);
	return rc;
}

void
mirror_free(struct mirror **pm)
{
	struct mirror *m = *pm;

	*pm = NULL;
	if (m == NULL)
		return;
	published_unref(&m->published);
	buf_fini(&m->list);
	mem_free(m->v);
	arena_free(&m->arena);
	mem_free(m);
}

bool
mirror_file(const struct mirror *m, size_t i, struct mirror_file *ret)
{
	if (i >= m->n)
		return false;
	*ret = m->v[i];
	return true;
}

bool
mirror_is_of(struct sv note, struct sv installation)
{
	struct sv of = sv_from(note, sizeof(MIRROR_MARK) - 1);

	if (!sv_starts(note, SV(MIRROR_MARK)))
		return false;
	if (of.n == 0)
		return true;
	if (!sv_starts(of, SV(MIRROR_OF)))
		return false;
	of = sv_from(of, sizeof(MIRROR_OF) - 1);
	return sv_eq(sv_head(of, sv_find_char(of, '\n')), installation);
}

bool
mirror_list_next(struct sv *rest, struct sv *ret_hash, struct sv *ret_name)
{
	size_t end = sv_find_char(*rest, '\n');
	struct sv line = sv_head(*rest, end);

	if (end == rest->n || line.n <= 2 * HASH_BYTES + 2 ||
	    !sv_eq(sv_head(sv_from(line, 2 * HASH_BYTES), 2), SV("  ")))
		return false;
	*ret_hash = sv_head(line, 2 * HASH_BYTES);
	*ret_name = sv_from(line, 2 * HASH_BYTES + 2);
	*rest = sv_from(*rest, end + 1);
	return true;
}

bool
mirror_is_page(struct sv name)
{
	static const char *const heads[] = {"index.", "verify.", "fingerprint."};
	struct sv rest = sv_from(name, 6);
	size_t i;

	if (sv_starts(name, SV("alert/")))
		return rest.n > 0 && rest.p[0] != '.' && sv_find_char(rest, '/') == rest.n &&
		       (sv_ends(rest, SV(".html")) || sv_ends(rest, SV(".xml")));
	for (i = 0; i < ARRAY_LEN(heads); i++)
		if (sv_starts(name, sv_of(heads[i])) && sv_ends(name, SV(".html")))
			return sv_find_char(name, '/') == name.n;
	return false;
}
