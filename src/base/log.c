/*
 * log.c — see log.h. One write(2) per line, so that lines of several roles do
 * not mix.
 */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/time.h"
#include "base/utf8.h"

#define LINE_MAX_BYTES 2048

static int log_fd = 2;
static enum log_level log_from = LOG_INFO;
static const char *log_role;

void
log_setup(int fd, enum log_level from, const char *role)
{
	log_fd = fd;
	log_from = from;
	log_role = role;
}

/* Control characters would let a value forge a line. */
static void
add_clean(struct buf *line, struct sv text)
{
	size_t i;

	text = sv_head(text, utf8_bad_at(text));
	for (i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < 0x20 || c == 0x7f)
			buf_addf(line, "\\x%02x", c);
		else
			buf_addc(line, text.p[i]);
	}
}

void
log_event(enum log_level level, const char *event, const char *fmt, ...)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	struct buf line = BUF_INIT(4 * LINE_MAX_BYTES + 256);
	char text[LINE_MAX_BYTES];
	ssize_t written;
	va_list args;

	if (level < log_from)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	time_add_rfc3339(&line, time_now());
	buf_addf(&line, " %s ", names[level]);
	if (log_role != NULL)
		buf_addf(&line, "%s ", log_role);
	buf_adds(&line, event);
	if (text[0] != '\0') {
		buf_addc(&line, ' ');
		add_clean(&line, sv_of(text));
	}
	buf_addc(&line, '\n');
	written = write(log_fd, line.p, line.n);
	(void)written; /* a log that cannot be written must not stop the work */
	buf_fini(&line);
}
