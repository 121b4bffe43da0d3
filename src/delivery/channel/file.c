/*
 * file.c — the channel of a practice installation: each message is one file,
 * FOLDER/ALERT/PERSON-CONTACT.eml. A repeat takes the place of the first.
 *
 * Order of durable steps for the messages that wait together: all are written
 * under temporary names; each is synced and renamed; then the folder is synced;
 * then all are told accepted. A thread of the channel's own does it, because a sync
 * blocks. When the disk refuses, the route pauses and nothing is lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "delivery/channel/channel.h"
#include "delivery/retry.h"
#include "net/loop.h"

#define FILE_ROOM 64

struct file_out {
	struct channel_out base; /* first */
	struct loop *loop;
	struct loop_timer *resume;
	const struct channel_events *ev;
	void *arg;
	char *folder;
	size_t held; /* messages not yet given back */
	int64_t failures;
	bool paused;
	bool quitting;
	int wake_loop[2]; /* a byte for each group written */
	struct loop_reader *reader;

	pthread_t thread;
	pthread_mutex_t lock; /* over what follows */
	pthread_cond_t wake;
	struct channel_message *todo;
	struct channel_message **tail;
	struct group *written;
	struct group **written_tail;
	bool stop;
};

/* What the thread hands to the loop. */
struct group {
	struct channel_message *list;
	struct err err;
	enum rc rc;
	struct group *next;
};

static void
name_file(const struct file_out *c, const struct channel_message *m, const char *end,
	  struct buf *path)
{
	buf_reset(path);
	buf_addf(path, "%s/%lld/%lld-%lld.eml%s", c->folder, (long long)m->alert,
		 (long long)m->person, (long long)m->contact, end);
}

/* Written under its temporary name, not yet synced; *ret_fd stays open. */
static enum rc
write_temp(const struct file_out *c, const struct channel_message *m, struct buf *path, int *ret_fd,
	   struct err *e)
{
	int fd;
	enum rc rc;

	name_file(c, m, ".tmp", path);
	rc = buf_check(path, "the name of a message's file", e);
	if (rc != RC_OK)
		return rc;
	fd = open(buf_str(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(e, RC_IO, "a message's file cannot be made");
	*ret_fd = fd;
	return file_write_all(fd, m->text, e);
}

static enum rc
finish_file(const struct file_out *c, const struct channel_message *m, int fd, struct buf *path,
	    struct buf *temp, struct err *e)
{
	if (fdatasync(fd) != 0)
		return err_errno(e, RC_IO, "a message's file cannot be synced");
	name_file(c, m, "", path);
	name_file(c, m, ".tmp", temp);
	if (rename(buf_str(temp), buf_str(path)) != 0)
		return err_errno(e, RC_IO, "a message's file cannot be renamed");
	return RC_OK;
}

static enum rc
make_folder(const struct file_out *c, int64_t alert, struct buf *path, struct err *e)
{
	enum rc rc;

	buf_reset(path);
	buf_addf(path, "%s/%lld", c->folder, (long long)alert);
	rc = buf_check(path, "the folder of an alert's messages", e);
	if (rc == RC_OK)
		rc = file_mkdir(buf_str(path), 0700, e);
	return rc == RC_OK ? file_sync_folder(buf_str(path), e) : rc;
}

/* The messages of one alert from the front of *list; all written before the first sync, so that
 * the disk can take them together. */
static enum rc
write_alert(const struct file_out *c, const struct channel_message **list, struct buf *path,
	    struct buf *temp, struct err *e)
{
	const struct channel_message *first = *list, *m;
	int fds[FILE_ROOM];
	size_t i, n = 0;
	enum rc rc;

	rc = make_folder(c, first->alert, path, e);
	for (m = first; rc == RC_OK && m != NULL && m->alert == first->alert; m = m->next) {
		fds[n] = -1;
		rc = write_temp(c, m, temp, &fds[n], e);
		n += fds[n] >= 0;
	}
	*list = m;
	for (i = 0, m = first; i < n; i++, m = m->next) {
		if (rc == RC_OK)
			rc = finish_file(c, m, fds[i], path, temp, e);
		close(fds[i]);
	}
	return rc == RC_OK ? file_sync_folder(buf_str(path), e) : rc;
}

/* All or an error; then some files may be there, and will be written again. */
static enum rc
write_group(const struct file_out *c, const struct channel_message *list, struct err *e)
{
	struct buf path, temp;
	enum rc rc = RC_OK;

	buf_init(&path, 4 * KIB);
	buf_init(&temp, 4 * KIB);
	while (list != NULL && rc == RC_OK)
		rc = write_alert(c, &list, &path, &temp, e);
	buf_fini(&path);
	buf_fini(&temp);
	FAULT("file.written");
	return rc;
}

static void
give_back(struct file_out *c, struct channel_message *list, enum channel_verdict v)
{
	struct channel_result r = {.verdict = v};
	struct channel_message *m;

	while ((m = list) != NULL) {
		list = m->next;
		m->next = NULL;
		c->held--;
		c->ev->done(m, &r, c->arg);
	}
}

static void
on_resume(void *arg, int64_t now)
{
	struct file_out *c = arg;

	(void)now;
	c->paused = false;
	if (!c->quitting)
		c->ev->ready(&c->base, c->arg);
}

static void
group_done(struct file_out *c, struct group *g, int64_t now)
{
	int64_t pause_s;

	if (g->rc == RC_OK) {
		c->failures = 0;
		give_back(c, g->list, VERDICT_ACCEPTED);
		return;
	}
	pause_s = retry_pause_s(++c->failures, (uint64_t)now);
	c->paused = true;
	loop_timer_set(c->resume, pause_s * 1000, 0);
	give_back(c, g->list, VERDICT_RETURNED);
	if (!c->quitting)
		c->ev->paused(&c->base, (unsigned)pause_s, sv_of(g->err.text), c->arg);
}

/* Everything that the thread has written until now. */
static void
take_written(struct file_out *c, int64_t now)
{
	struct group *list, *g;

	pthread_mutex_lock(&c->lock);
	list = c->written;
	c->written = NULL;
	c->written_tail = &c->written;
	pthread_mutex_unlock(&c->lock);
	while ((g = list) != NULL) {
		list = g->next;
		group_done(c, g, now);
		mem_free(g);
	}
}

static void
on_written(void *arg, int64_t now)
{
	struct file_out *c = arg;
	char bytes[64];

	while (read(c->wake_loop[0], bytes, sizeof(bytes)) > 0)
		;
	take_written(c, now);
	if (!c->paused && !c->quitting)
		c->ev->ready(&c->base, c->arg);
}

/* The messages that wait, all at once; NULL at the end. */
static struct channel_message *
take_todo(struct file_out *c)
{
	struct channel_message *list;

	pthread_mutex_lock(&c->lock);
	while (c->todo == NULL && !c->stop)
		pthread_cond_wait(&c->wake, &c->lock);
	list = c->todo;
	c->todo = NULL;
	c->tail = &c->todo;
	pthread_mutex_unlock(&c->lock);
	return list;
}

static void *
file_run(void *arg)
{
	struct file_out *c = arg;
	struct channel_message *list;
	struct group *g;

	while ((list = take_todo(c)) != NULL) {
		g = MEM_NEW(struct group);
		g->list = list;
		g->rc = write_group(c, list, &g->err);
		pthread_mutex_lock(&c->lock);
		*c->written_tail = g;
		c->written_tail = &g->next;
		pthread_mutex_unlock(&c->lock);
		/* A full pipe holds enough bytes to wake the loop already. */
		if (write(c->wake_loop[1], "", 1) < 0)
			continue;
	}
	return NULL;
}

static size_t
file_room(const struct channel_out *base)
{
	const struct file_out *c = (const struct file_out *)base;

	return c->paused || c->quitting ? 0 : FILE_ROOM - c->held;
}

static void
file_send(struct channel_out *base, struct channel_message *m)
{
	struct file_out *c = (struct file_out *)base;

	c->held++;
	m->next = NULL;
	pthread_mutex_lock(&c->lock);
	*c->tail = m;
	c->tail = &m->next;
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->lock);
}

static void
file_quit(struct channel_out *base)
{
	((struct file_out *)base)->quitting = true;
}

static void
file_free(struct file_out *c)
{
	loop_timer_free(&c->resume);
	loop_reader_free(&c->reader);
	if (c->wake_loop[0] >= 0) {
		close(c->wake_loop[0]);
		close(c->wake_loop[1]);
	}
	pthread_cond_destroy(&c->wake);
	pthread_mutex_destroy(&c->lock);
	mem_free(c->folder);
	mem_free(c);
}

/* What waits is still written: it takes less time than to ask for it again. */
static void
file_close(struct channel_out **cp)
{
	struct file_out *c = (struct file_out *)*cp;

	c->quitting = true;
	pthread_mutex_lock(&c->lock);
	c->stop = true;
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->thread, NULL);
	take_written(c, 0);
	BUG_ON(c->held != 0);
	file_free(c);
	*cp = NULL;
}

static enum rc
make_pipe(struct file_out *c, struct err *e)
{
	int i;

	if (pipe(c->wake_loop) != 0) {
		c->wake_loop[0] = -1;
		return err_errno(e, RC_IO, "no pipe");
	}
	for (i = 0; i < 2; i++)
		if (fcntl(c->wake_loop[i], F_SETFL, O_NONBLOCK) != 0 ||
		    fcntl(c->wake_loop[i], F_SETFD, FD_CLOEXEC) != 0)
			return err_errno(e, RC_IO, "no pipe");
	return loop_reader_new(&c->reader, c->loop, c->wake_loop[0], on_written, c, e);
}

static enum rc
file_open(struct channel_out **ret, struct loop *loop, const struct channel_settings *s,
	  const struct channel_events *ev, void *arg, struct err *e)
{
	struct file_out *c;
	enum rc rc;

	if (s->folder == NULL || s->folder[0] == '\0')
		return err_set(e, RC_USAGE, "channel file: no folder given");
	rc = file_mkdir(s->folder, 0700, e);
	if (rc != RC_OK)
		return rc;
	c = MEM_NEW(struct file_out);
	c->base = (struct channel_out){&channel_file, file_room, file_send, file_quit, file_close};
	c->loop = loop;
	c->ev = ev;
	c->arg = arg;
	c->folder = mem_dup(s->folder, strlen(s->folder));
	c->wake_loop[0] = -1;
	c->tail = &c->todo;
	c->written_tail = &c->written;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->wake, NULL);
	c->resume = loop_timer_new(loop, on_resume, c);
	rc = make_pipe(c, e);
	if (rc == RC_OK && pthread_create(&c->thread, NULL, file_run, c) != 0)
		rc = err_set(e, RC_IO, "channel file: the system gives no thread");
	if (rc != RC_OK) {
		file_free(c);
		return rc;
	}
	*ret = &c->base;
	return RC_OK;
}

const struct channel_kind channel_file = {
	.name = "file",
	.outside = false,
	.open = file_open,
};
