/*
 * http_server.c — libmicrohttpd behind the seam: start, one request's way
 * through it, stop.
 *
 * The library calls, always on the connection's own thread:
 *
 *   on_connection   a connection began or ended: watched, counted
 *   on_target       the request line is there: the clock of this request starts
 *   on_request      first with the head: the guard; a refusal is queued here and
 *                   closes the connection. Then with pieces of the body. Last
 *                   with nothing: the handler is called and its answer queued.
 *   on_completed    the answer went out, or the connection broke: all of the
 *                   request is released
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/time.h"
#include "net/http_int.h"

/* What one connection may use for a request's head, what is parsed of it and its
 * answer's head. The library clears all of it after each request. */
#define CONNECTION_MEMORY (16 * KIB)

struct http_server {
	struct http_settings set;
	http_handler_fn *handler;
	void *arg;
	struct MHD_Daemon *daemon;
	struct http_watch *watch;
	int fd;
	uint16_t port;
	char url[80];
	atomic_ullong requests, not_modified, refused;
	atomic_llong active;
	atomic_size_t bodies; /* bytes of all bodies that are held now */
	pthread_mutex_t lock;
	pthread_cond_t idle; /* no request is active; waited for while stopping */
	atomic_bool stopping;
};

static void
conn_request_reset(struct http_server *s, struct http_request *r)
{
	arena_free(&r->arena);
	atomic_fetch_sub(&s->bodies, r->counted);
	r->counted = 0;
	buf_fini(&r->body);
	r->begun = r->in_hand = r->target_ok = r->query_ok = r->too_many_fields = false;
	r->n_fields = 0;
	r->query = r->form = (struct http_pairs){NULL, 0};
	r->parts.n = 0;
}

static void
on_connection(void *cls, struct MHD_Connection *mhd, void **context,
	      enum MHD_ConnectionNotificationCode code)
{
	struct http_server *s = cls;
	struct http_conn *c;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *fd, *peer;

		fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
		peer = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
		BUG_ON(!fd || !peer);
		c = MEM_NEW(struct http_conn);
		buf_init(&c->request.body, s->set.body_max);
		http_watch_add(s->watch, &c->watched, fd->connect_fd, peer->client_addr,
			       (long long)time_mono_ms() + s->set.deadline_ms);
		c->request.peer = sv_of(c->watched.peer);
		*context = c;
	} else if (*context) {
		c = *context;
		*context = NULL;
		http_watch_remove(s->watch, &c->watched);
		conn_request_reset(s, &c->request);
		mem_free(c);
	}
}

static enum MHD_Result
on_accept(void *cls, const struct sockaddr *a, socklen_t n)
{
	struct http_server *s = cls;

	(void)n;
	return http_watch_may(s->watch, a) ? MHD_YES : MHD_NO;
}

/* The library's own decoding is switched off: it cannot say no, and stops at NUL. */
static size_t
on_unescape(void *cls, struct MHD_Connection *mhd, char *text)
{
	(void)cls;
	(void)mhd;
	return strlen(text);
}

static struct http_conn *
conn_of(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *i =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	BUG_ON(!i || !i->socket_context);
	return i->socket_context;
}

/* Path and query of the target; false when they cannot be. */
static bool
split_target(struct http_request *r)
{
	struct sv t = r->target, path;
	size_t mark;

	if (!http_guard_target(t))
		return false;
	if (t.p[0] != '/' && t.p[0] != '*') { /* absolute form: RFC 9112, 3.2.2 */
		t = sv_from(t, sv_find(t, SV("://")) + 3);
		mark = sv_find_char(t, '/');
		if (mark > sv_find_char(t, '?'))
			return false;
		t = mark == t.n ? SV("/") : sv_from(t, mark);
	}
	mark = sv_find_char(t, '?');
	path = sv_head(t, mark);
	/* The library is about to cut the query up in place, so it is copied first. */
	if (mark + 1 < t.n) {
		struct arena *a = http_request_arena(r);

		r->query_ok = http_pairs_parse(&r->query, a, arena_sv(a, sv_from(t, mark + 1)));
	} else {
		r->query_ok = true;
	}
	if (sv_find_char(path, '%') == path.n) {
		r->path = path; /* stays as it is: nothing to decode */
		return true;
	}
	return http_decode(&r->path, http_request_arena(r), path, false);
}

static void *
on_target(void *cls, const char *target, struct MHD_Connection *mhd)
{
	struct http_server *s = cls;
	struct http_conn *c = conn_of(mhd);
	struct http_request *r = &c->request;
	long long until = (long long)time_mono_ms() + s->set.deadline_ms;

	if (atomic_load_explicit(&c->watched.deadline_ms, memory_order_relaxed) > until)
		atomic_store_explicit(&c->watched.deadline_ms, until, memory_order_relaxed);
	atomic_fetch_add_explicit(&s->requests, 1, memory_order_relaxed);
	atomic_fetch_add(&s->active, 1);
	r->in_hand = true;
	r->target = sv_of(target);
	r->target_ok = split_target(r);
	return r;
}

static void
on_completed(void *cls, struct MHD_Connection *mhd, void **context,
	     enum MHD_RequestTerminationCode why)
{
	struct http_server *s = cls;
	struct http_request *r = *context;
	struct http_conn *c;

	(void)why;
	if (!r)
		return;
	*context = NULL;
	c = conn_of(mhd);
	conn_request_reset(s, r);
	atomic_store_explicit(&c->watched.deadline_ms,
			      (long long)time_mono_ms() + (long long)s->set.idle_s * 1000 +
				      s->set.deadline_ms,
			      memory_order_relaxed);
	if (atomic_fetch_sub(&s->active, 1) == 1 && atomic_load(&s->stopping)) {
		pthread_mutex_lock(&s->lock);
		pthread_cond_signal(&s->idle);
		pthread_mutex_unlock(&s->lock);
	}
}

static enum MHD_Result
on_field(void *cls, enum MHD_ValueKind kind, const char *name, size_t n_name, const char *value,
	 size_t n_value)
{
	struct http_request *r = cls;

	(void)kind;
	if (r->n_fields == LIMIT_HTTP_HEADERS) {
		r->too_many_fields = true;
		return MHD_NO;
	}
	r->fields[r->n_fields++] = (struct http_field){{name, n_name}, {value, n_value}};
	return MHD_YES;
}

static const struct {
	struct sv name;
	enum http_method method;
} methods[] = {
	{SV_INIT("GET"), HTTP_GET},       {SV_INIT("HEAD"), HTTP_HEAD},
	{SV_INIT("POST"), HTTP_POST},     {SV_INIT("PUT"), HTTP_PUT},
	{SV_INIT("DELETE"), HTTP_DELETE}, {SV_INIT("OPTIONS"), HTTP_OPTIONS},
};

/* 0, or the status to refuse the request with. */
static unsigned
look_at_head(struct http_server *s, struct http_request *r, struct MHD_Connection *mhd,
	     const char *method, const char *version)
{
	const union MHD_ConnectionInfo *size =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	struct http_head h;
	unsigned status;
	size_t i;

	BUG_ON(!size);
	r->method_name = sv_of(method);
	r->method = HTTP_OTHER;
	for (i = 0; i < ARRAY_LEN(methods); i++)
		if (sv_eq(r->method_name, methods[i].name))
			r->method = methods[i].method;
	MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, on_field, r);
	if (r->too_many_fields)
		return 431;
	if (r->target.n > LIMIT_HTTP_URL)
		return 414;
	h = (struct http_head){
		.size = size->header_size,
		.method = r->method_name,
		.target = r->target,
		.version = sv_of(version),
		.fields = r->fields,
		.n_fields = r->n_fields,
		.body_max = s->set.body_max,
	};
	status = http_guard_head(&h);
	if (status == 0 && (!r->target_ok || !r->query_ok))
		return 400;
	return status;
}

static bool
is_form(struct sv type)
{
	type = sv_trim(sv_head(type, sv_find_char(type, ';')));
	return sv_eq_nocase(type, SV("application/x-www-form-urlencoded"));
}

/* False: the body says that it is a form and is none. */
static bool
read_form(struct http_request *r)
{
	struct sv type = http_get_header(r, "Content-Type"), body = buf_sv(&r->body);
	size_t i;

	if (body.n == 0)
		return true;
	if (is_form(type))
		return http_pairs_parse(&r->form, http_request_arena(r), body);
	if (!http_is_multipart(type))
		return true;
	if (!http_multipart_parse(&r->parts, type, body))
		return false;
	for (i = 0; i < r->parts.n; i++) {
		const struct http_part *p = &r->parts.v[i];

		if (p->filename.p == NULL && sv_find_char(p->data, '\0') < p->data.n)
			return false;
	}
	return true;
}

static enum MHD_Result
run_handler(struct http_server *s, struct http_request *r, struct MHD_Connection *mhd)
{
	struct http_response res = {.status = 200, .body = BUF_INIT(LIMIT_HTTP_PAGE)};
	bool ok, unchanged;

	if (!read_form(r))
		return http_answer_plain(mhd, 400) ? MHD_YES : MHD_NO;
	s->handler(r, &res, s->arg);
	ok = http_answer(r, mhd, &res, &unchanged);
	if (unchanged)
		atomic_fetch_add_explicit(&s->not_modified, 1, memory_order_relaxed);
	http_headers_free(&res.headers);
	buf_fini(&res.body);
	return ok ? MHD_YES : MHD_NO;
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *mhd, const char *url, const char *method,
	   const char *version, const char *data, size_t *n_data, void **context)
{
	struct http_server *s = cls;
	struct http_request *r = *context;
	unsigned status;
	bool full;

	(void)url;
	if (!r->begun) {
		r->begun = true;
		status = look_at_head(s, r, mhd, method, version);
		if (status == 0)
			return MHD_YES;
		atomic_fetch_add_explicit(&s->refused, 1, memory_order_relaxed);
		return http_answer_plain(mhd, status) ? MHD_YES : MHD_NO;
	}
	if (*n_data > 0) {
		r->counted += *n_data;
		full = atomic_fetch_add(&s->bodies, *n_data) + *n_data > s->set.bodies_max &&
		       r->counted > s->set.body_small;
		if (!full)
			buf_add(&r->body, (struct sv){data, *n_data});
		*n_data = 0;
		if (!full && buf_ok(&r->body))
			return MHD_YES;
		/* No room, or more than its declared length; the library takes no answer by now. */
		atomic_fetch_add_explicit(&s->refused, 1, memory_order_relaxed);
		return MHD_NO;
	}
	return run_handler(s, r, mhd);
}

static void
fill_defaults(struct http_settings *set)
{
	if (set->threads == 0) {
		long n = sysconf(_SC_NPROCESSORS_ONLN);

		set->threads = n > 2 ? (unsigned)n : 2;
	}
	if (set->connections == 0)
		set->connections = 4000;
	if (set->connections < set->threads)
		set->connections = set->threads;
	if (set->idle_s == 0)
		set->idle_s = 30;
	if (set->deadline_ms == 0)
		set->deadline_ms = 30000;
	if (set->body_max == 0)
		set->body_max = LIMIT_HTTP_BODY;
	if (set->bodies_max == 0)
		set->bodies_max = LIMIT_HTTP_BODIES;
	if (set->body_small == 0)
		set->body_small = LIMIT_HTTP_BODY_SMALL;
}

static unsigned
tick_for(unsigned deadline_ms)
{
	unsigned tick = deadline_ms / 8;

	return tick < 10 ? 10 : tick > 250 ? 250 : tick;
}

static void
server_free(struct http_server *s)
{
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	if (s->fd >= 0)
		close(s->fd);
	http_watch_stop(&s->watch);
	pthread_cond_destroy(&s->idle);
	pthread_mutex_destroy(&s->lock);
	mem_free(s);
}

enum rc
http_server_start(struct http_server **ret, const struct http_settings *set,
		  http_handler_fn *handler, void *arg, struct err *e)
{
	struct http_server *s = MEM_NEW(struct http_server);
	pthread_condattr_t attr;
	enum rc rc;

	s->set = *set;
	fill_defaults(&s->set);
	s->handler = handler;
	s->arg = arg;
	s->fd = -1;
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->idle, &attr);
	pthread_condattr_destroy(&attr);
	rc = http_listen(&s->fd, &s->port, &s->set, e);
	if (rc != RC_OK)
		goto out;
	snprintf(s->url, sizeof(s->url), strchr(set->host, ':') ? "http://[%s]:%u" : "http://%s:%u",
		 set->host, (unsigned)s->port);
	rc = http_watch_start(&s->watch, s->set.per_address, tick_for(s->set.deadline_ms), e);
	if (rc != RC_OK)
		goto out;
	s->daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO, 0, on_accept, s, on_request, s,
		MHD_OPTION_LISTEN_SOCKET, s->fd, MHD_OPTION_THREAD_POOL_SIZE, s->set.threads,
		MHD_OPTION_CONNECTION_LIMIT, s->set.connections, MHD_OPTION_CONNECTION_TIMEOUT,
		s->set.idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, s,
		MHD_OPTION_URI_LOG_CALLBACK, on_target, s, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, s, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_END);
	if (!s->daemon) {
		rc = err_errno(e, RC_IO, "HTTP server: starting %u threads", s->set.threads);
		goto out;
	}
	*ret = s;
	s = NULL;
out:
	if (s)
		server_free(s);
	return rc;
}

uint16_t
http_server_port(const struct http_server *s)
{
	return s->port;
}

const char *
http_server_url(const struct http_server *s)
{
	return s->url;
}

void
http_server_stop(struct http_server **ps, unsigned grace_ms)
{
	struct http_server *s = *ps;
	struct timespec until;
	long ns;

	if (!s)
		return;
	*ps = NULL;
	s->fd = MHD_quiesce_daemon(s->daemon);
	clock_gettime(CLOCK_MONOTONIC, &until);
	ns = until.tv_nsec + (long)(grace_ms % 1000) * 1000000;
	until.tv_sec += grace_ms / 1000 + ns / 1000000000;
	until.tv_nsec = ns % 1000000000;
	pthread_mutex_lock(&s->lock);
	atomic_store(&s->stopping, true);
	while (atomic_load(&s->active) > 0)
		if (pthread_cond_timedwait(&s->idle, &s->lock, &until) != 0)
			break;
	pthread_mutex_unlock(&s->lock);
	http_watch_cut_all(s->watch);
	server_free(s);
}

void
http_server_counts(const struct http_server *s, struct http_counts *ret)
{
	struct http_watch_counts w;

	http_watch_count(s->watch, &w);
	ret->requests = atomic_load(&s->requests);
	ret->not_modified = atomic_load(&s->not_modified);
	ret->refused = atomic_load(&s->refused);
	ret->timed_out = w.timed_out;
	ret->turned_away = w.turned_away;
	ret->open = w.open;
}
