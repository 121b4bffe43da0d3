/*
 * http_watch.c — deadlines and address counts of open connections.
 */
#include "net/http_watch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "base/sv.h"
#include "base/time.h"

#define BUCKETS 1024 /* a power of two */

struct address {
	struct address *next;
	unsigned char key[16];
	unsigned n;
};

struct http_watch {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	unsigned per_address;
	unsigned tick_ms;
	uint64_t seed;
	/* all under the lock */
	bool stop;
	struct http_watched *first;
	struct address *bucket[BUCKETS];
	struct http_watch_counts counts;
};

/* IPv4 in its mapped form; of IPv6 the first 64 bits, which one household has whole. */
static void
key_of(unsigned char key[16], const struct sockaddr *a)
{
	memset(key, 0, 16);
	if (a->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, a, sizeof(in));
		key[10] = key[11] = 0xff;
		memcpy(key + 12, &in.sin_addr, 4);
	} else if (a->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, a, sizeof(in6));
		memcpy(key, &in6.sin6_addr, IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr) ? 16 : 8);
	}
}

static void
text_of(char out[HTTP_PEER_TEXT], const struct sockaddr *a)
{
	struct sockaddr_in6 in6;
	struct sockaddr_in in;

	out[0] = '\0';
	if (a->sa_family == AF_INET) {
		memcpy(&in, a, sizeof(in));
		(void)!inet_ntop(AF_INET, &in.sin_addr, out, HTTP_PEER_TEXT);
	} else if (a->sa_family == AF_INET6) {
		memcpy(&in6, a, sizeof(in6));
		if (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr))
			(void)!inet_ntop(AF_INET, (const char *)&in6.sin6_addr + 12, out,
					 HTTP_PEER_TEXT);
		else
			(void)!inet_ntop(AF_INET6, &in6.sin6_addr, out, HTTP_PEER_TEXT);
	}
}

static struct address **
find_address(struct http_watch *w, const unsigned char key[16])
{
	struct sv v = {(const char *)key, 16};
	struct address **p = &w->bucket[sv_hash(v, w->seed) & (BUCKETS - 1)];

	while (*p && memcmp((*p)->key, key, 16) != 0)
		p = &(*p)->next;
	return p;
}

static void
cut_late(struct http_watch *w, long long now)
{
	struct http_watched *c;

	for (c = w->first; c; c = c->next) {
		if (c->cut || atomic_load_explicit(&c->deadline_ms, memory_order_relaxed) > now)
			continue;
		c->cut = true;
		w->counts.timed_out++;
		shutdown(c->fd, SHUT_RDWR);
	}
}

static void *
watching(void *arg)
{
	struct http_watch *w = arg;
	struct timespec until;
	long ns;

	pthread_mutex_lock(&w->lock);
	while (!w->stop) {
		cut_late(w, (long long)time_mono_ms());
		clock_gettime(CLOCK_MONOTONIC, &until);
		ns = until.tv_nsec + (long)w->tick_ms % 1000 * 1000000;
		until.tv_sec += w->tick_ms / 1000 + ns / 1000000000;
		until.tv_nsec = ns % 1000000000;
		pthread_cond_timedwait(&w->wake, &w->lock, &until);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

enum rc
http_watch_start(struct http_watch **ret, unsigned per_address, unsigned tick_ms, struct err *e)
{
	struct http_watch *w = MEM_NEW(struct http_watch);
	pthread_condattr_t attr;
	int r;

	w->per_address = per_address;
	w->tick_ms = tick_ms;
	w->seed = (uint64_t)time_mono_us();
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->wake, &attr);
	pthread_condattr_destroy(&attr);
	r = pthread_create(&w->thread, NULL, watching, w);
	if (r != 0) {
		pthread_cond_destroy(&w->wake);
		pthread_mutex_destroy(&w->lock);
		mem_free(w);
		errno = r;
		return err_errno(e, RC_IO,
				 "HTTP server: starting the thread that watches deadlines");
	}
	*ret = w;
	return RC_OK;
}

void
http_watch_stop(struct http_watch **pw)
{
	struct http_watch *w = *pw;

	if (!w)
		return;
	*pw = NULL;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	BUG_ON(w->first);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	mem_free(w);
}

bool
http_watch_may(struct http_watch *w, const struct sockaddr *a)
{
	unsigned char key[16];
	struct address *p;
	bool may;

	if (w->per_address == 0)
		return true;
	key_of(key, a);
	pthread_mutex_lock(&w->lock);
	p = *find_address(w, key);
	may = !p || p->n < w->per_address;
	w->counts.turned_away += !may;
	pthread_mutex_unlock(&w->lock);
	return may;
}

void
http_watch_add(struct http_watch *w, struct http_watched *c, int fd, const struct sockaddr *a,
	       long long deadline_ms)
{
	struct address **p;

	c->fd = fd;
	c->cut = false;
	atomic_init(&c->deadline_ms, deadline_ms);
	key_of(c->key, a);
	text_of(c->peer, a);
	pthread_mutex_lock(&w->lock);
	c->prev = NULL;
	c->next = w->first;
	if (c->next)
		c->next->prev = c;
	w->first = c;
	w->counts.open++;
	p = find_address(w, c->key);
	if (!*p) {
		*p = MEM_NEW(struct address);
		memcpy((*p)->key, c->key, sizeof(c->key));
	}
	/* Two threads may have asked http_watch_may at the same time. */
	if (++(*p)->n > w->per_address && w->per_address) {
		c->cut = true;
		w->counts.turned_away++;
		shutdown(fd, SHUT_RDWR);
	}
	pthread_mutex_unlock(&w->lock);
}

void
http_watch_remove(struct http_watch *w, struct http_watched *c)
{
	struct address **p, *a;

	pthread_mutex_lock(&w->lock);
	if (c->prev)
		c->prev->next = c->next;
	else
		w->first = c->next;
	if (c->next)
		c->next->prev = c->prev;
	w->counts.open--;
	p = find_address(w, c->key);
	a = *p;
	if (--a->n == 0) {
		*p = a->next;
		mem_free(a);
	}
	pthread_mutex_unlock(&w->lock);
}

void
http_watch_cut_all(struct http_watch *w)
{
	struct http_watched *c;

	pthread_mutex_lock(&w->lock);
	for (c = w->first; c; c = c->next) {
		if (!c->cut)
			shutdown(c->fd, SHUT_RDWR);
		c->cut = true;
	}
	pthread_mutex_unlock(&w->lock);
}

void
http_watch_count(struct http_watch *w, struct http_watch_counts *ret)
{
	pthread_mutex_lock(&w->lock);
	*ret = w->counts;
	pthread_mutex_unlock(&w->lock);
}
