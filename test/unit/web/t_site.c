/* See t_site.h. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/unit.h"
#include "t_site.h"

#include "alert/alert_store.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/time.h"
#include "crypt/sign.h"
#include "desk/setting_store.h"
#include "store/migrate.h"
#include "store/store.h"

#define PATIENCE_MS 10000

void
site_ok(struct site *s, enum rc rc, const char *file, int line)
{
	if (rc != RC_OK)
		print_error("%s: %s\n", rc_name(rc), s->e.text);
	_assert_int_equal((unsigned long)rc, RC_OK, file, line);
}

void
site_open(struct site *s, bool practice)
{
	*s = (struct site){.e = ERR_INIT};
	buf_init(&s->answer, 32 * MIB);
	buf_init(&s->key, LIMIT_KEY_FILE);
	buf_init(&s->cert, LIMIT_KEY_FILE);
	OK(s, crypt_make_identity(&s->key, &s->cert, SV("Embassy of Example"), time_now() - 60, 1,
				  &s->e));
	snprintf(s->folder, sizeof(s->folder), "/tmp/tocsin-web-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	snprintf(s->where, sizeof(s->where), "%s/main.db", s->folder);
	OK(s, store_open(&s->st, s->where, STORE_CREATE, &s->e));
	OK(s, migrate_run(s->st, "main", &s->e));
	OK(s, store_begin(s->st, &s->e));
	OK(s, setting_put(s->st, SETTING_MODE, practice ? SV("practice") : SV("live"), &s->e));
	OK(s, setting_put(s->st, SETTING_INSTALLATION, SV("0123abcd"), &s->e));
	OK(s, officer_insert(s->st, SV("anna"), SV_NONE, time_now(), &s->anna, &s->e));
	OK(s, officer_insert(s->st, SV("boris"), SV_NONE, time_now(), &s->boris, &s->e));
	OK(s, store_commit(s->st, &s->e));
}

void
site_start(struct site *s)
{
	struct web_settings set = {
		.store = s->where,
		.http = {.host = "127.0.0.1", .threads = 2, .per_address = 100},
		.desk =
			{
				.authority = SV("Embassy of Example"),
				.sender = SV("a@example.org"),
				.contact = SV("+995 32 227 47 47"),
				.cert_pem = buf_sv(&s->cert),
			},
	};

	OK(s, web_start(&s->web, &set, &s->e));
}

void
site_close(struct site *s)
{
	char path[160];
	const char *const ends[] = {"", "-wal", "-shm"};
	size_t i;

	web_stop(&s->web);
	store_close(&s->st);
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", s->where, ends[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(s->folder), 0);
	buf_fini(&s->answer);
	buf_fini(&s->key);
	buf_fini(&s->cert);
}

void
site_look(struct site *s)
{
	OK(s, web_look(s->web, &s->e));
}

static void
add_info(struct buf *b, const char *language, const char *headline, int64_t expires)
{
	buf_addf(b,
		 "<info><language>%s</language><category>Safety</category><event>Unrest</event>"
		 "<urgency>Immediate</urgency><severity>Severe</severity>"
		 "<certainty>Observed</certainty><expires>",
		 language);
	time_add_cap(b, (struct time_at){expires, 0});
	buf_addf(b,
		 "</expires><headline>%s</headline><description>What.</description>"
		 "<instruction>Go.\nWrite.</instruction>"
		 "<area><areaDesc>Here</areaDesc></area></info>",
		 headline);
}

static void
add_message(struct buf *b, const struct site_alert *a, int64_t now, int64_t expires)
{
	buf_addf(b,
		 "<alert xmlns=\"" CAP_NS "\"><identifier>%s</identifier>"
		 "<sender>a@example.org</sender><sent>",
		 a->identifier);
	time_add_cap(b, (struct time_at){now, 0});
	buf_addf(b, "</sent><status>%s</status><msgType>%s</msgType><scope>%s</scope>", a->status,
		 cap_msgtype_name(a->msgtype), cap_scope_name(a->scope));
	if (a->scope == CAP_SCOPE_RESTRICTED)
		buf_adds(b, "<restriction>Staff</restriction>");
	add_info(b, "en", a->headline, expires);
	add_info(b, "fr", "Partez", expires);
	add_info(b, "ar", "غادروا", expires);
	buf_adds(b, "</alert>\n");
}

void
site_message(struct buf *b, const struct site_alert *want)
{
	int64_t now = time_now();

	add_message(b, want, now, want->expires != 0 ? want->expires : now + 3600);
}

int64_t
site_alert(struct site *s, const struct site_alert *want)
{
	int64_t now = time_now(), expires = want->expires != 0 ? want->expires : now + 3600;
	struct buf plain = BUF_INIT(MIB), xml = BUF_INIT(MIB);
	struct alert a = {
		.thread = want->thread,
		.author = s->anna,
		.approver = s->boris,
		.identifier = sv_of(want->identifier),
		.sender = SV("a@example.org"),
		.sent = now,
		.msgtype = want->msgtype,
		.status = sv_eq(sv_of(want->status), SV("Actual")) ? CAP_STATUS_ACTUAL
								   : CAP_STATUS_EXERCISE,
		.scope = want->scope,
		.effective = now,
		.expires = expires,
		.headline = sv_of(want->headline),
		.created = now,
		.size = 1,
	};

	add_message(&plain, want, now, expires);
	OK(s, crypt_sign_xml(&xml, buf_sv(&plain), buf_sv(&s->key), buf_sv(&s->cert), &s->e));
	a.xml = buf_sv(&xml);
	OK(s, store_begin(s->st, &s->e));
	OK(s, alert_insert(s->st, &a, &s->e));
	if (want->upto != ALERT_DRAFT) {
		OK(s, alert_change(s->st, a.id, ALERT_ON_SUBMIT, now, &s->e));
		OK(s, alert_change(s->st, a.id, ALERT_ON_APPROVE, now, &s->e));
		OK(s, alert_put_frozen(s->st, &a, &s->e));
		OK(s, alert_change(s->st, a.id, ALERT_ON_SEND, now, &s->e));
	}
	OK(s, store_commit(s->st, &s->e));
	buf_fini(&plain);
	buf_fini(&xml);
	return a.id;
}

void
site_stored(struct site *s, int64_t id, struct buf *out)
{
	struct arena *arena = arena_new();
	const struct alert *a;

	OK(s, alert_load(&a, arena, s->st, id, &s->e));
	buf_add(out, a->xml);
	arena_free(&arena);
}

void
site_change(struct site *s, int64_t id, enum alert_event on)
{
	OK(s, store_begin(s->st, &s->e));
	OK(s, alert_change(s->st, id, on, time_now(), &s->e));
	OK(s, store_commit(s->st, &s->e));
}

int64_t
site_count(struct site *s, const char *sql)
{
	int64_t n = 0;

	OK(s, store_get_int(s->st, sql, NO_ARGS, &n, &s->e));
	return n;
}

static int
dial(const struct site *s)
{
	struct sv url = sv_of(web_url(s->web));
	struct sockaddr_in a = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t colon = url.n;
	uint64_t port;

	while (url.p[colon - 1] != ':')
		colon--;
	assert_true(sv_to_u64(sv_from(url, colon), &port));
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = htons((uint16_t)port);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void
send_all(int fd, struct sv v)
{
	while (v.n > 0) {
		ssize_t n = send(fd, v.p, v.n, MSG_NOSIGNAL);

		assert_true(n > 0);
		v = sv_from(v, (size_t)n);
	}
}

static void
read_all(int fd, struct buf *out)
{
	struct pollfd p = {fd, POLLIN, 0};
	char block[65536];
	ssize_t n;

	do {
		assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
		n = recv(fd, block, sizeof(block), 0);
		if (n > 0)
			buf_add(out, (struct sv){block, (size_t)n});
	} while (n > 0);
}

static int
ask(struct site *s, const char *method, const char *path, const char *headers, const char *type,
    struct sv body)
{
	struct buf b = BUF_INIT(8 * MIB);
	uint64_t status;
	int fd = dial(s);

	buf_addf(&b, "%s %s HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n%s", method,
		 path, headers);
	if (type != NULL)
		buf_addf(&b, "Content-Type: %s\r\nContent-Length: %zu\r\n", type, body.n);
	buf_adds(&b, "\r\n");
	buf_add(&b, body);
	assert_true(buf_ok(&b));
	send_all(fd, buf_sv(&b));
	buf_reset(&s->answer);
	read_all(fd, &s->answer);
	close(fd);
	buf_fini(&b);
	assert_true(sv_to_u64(sv_head(sv_from(buf_sv(&s->answer), 9), 3), &status));
	return (int)status;
}

int
site_ask(struct site *s, const char *method, const char *path, const char *headers,
	 const char *body)
{
	return ask(s, method, path, headers,
		   body != NULL ? "application/x-www-form-urlencoded" : NULL, sv_of(body));
}

int
site_upload(struct site *s, const char *path, const char *name, bool file, struct sv data)
{
	struct buf b = BUF_INIT(8 * MIB);
	int status;

	buf_addf(&b, "--AaB03x\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n", name,
		 file ? "; filename=\"x\"" : "");
	buf_add(&b, data);
	buf_adds(&b, "\r\n--AaB03x--\r\n");
	/* From another site, as it may be: it changes nothing. */
	status = ask(s, "POST", path, "Origin: null\r\nSec-Fetch-Site: cross-site\r\n",
		     "multipart/form-data; boundary=AaB03x", buf_sv(&b));
	buf_fini(&b);
	return status;
}

int
site_get(struct site *s, const char *path)
{
	return site_ask(s, "GET", path, "", NULL);
}

struct sv
site_body(const struct site *s)
{
	return sv_from(buf_sv(&s->answer), sv_find(buf_sv(&s->answer), SV("\r\n\r\n")) + 4);
}

struct sv
site_header(const struct site *s, const char *name)
{
	struct sv head = sv_head(buf_sv(&s->answer), sv_find(buf_sv(&s->answer), SV("\r\n\r\n")));
	struct sv_split split = sv_split_of(head, '\n');
	struct sv line;

	while (sv_split_next(&split, &line)) {
		size_t colon = sv_find_char(line, ':');

		if (colon < line.n && sv_eq_nocase(sv_head(line, colon), sv_of(name)))
			return sv_trim(sv_from(line, colon + 1));
	}
	return SV_NONE;
}

bool
site_says(const struct site *s, const char *what)
{
	return sv_find(site_body(s), sv_of(what)) < site_body(s).n;
}
