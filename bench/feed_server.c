/*
 * feed_server — one shared body behind the project's HTTP server, for bench/feed.
 * Prints its address, serves until its standard input ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "net/http_server.h"

static struct http_body *feed;

static void
handler(const struct http_request *r, struct http_response *res, void *arg)
{
	(void)arg;
	if (sv_eq(http_path(r), SV("/feed.xml")))
		res->shared = http_body_ref(feed);
	else
		res->status = 404;
}

int
main(int argc, char **argv)
{
	struct http_settings set = {.host = "127.0.0.1", .threads = 2};
	struct buf text = BUF_INIT(LIMIT_HTTP_PAGE);
	struct http_body_info info = {.content_type = "application/atom+xml; charset=utf-8",
				      .cache_control = "public, max-age=60",
				      .last_modified = 1790043000};
	struct http_server *s = NULL;
	struct err e = ERR_INIT;
	char c;

	if (argc != 2 || file_read(&text, argv[1], &e) != RC_OK) {
		fprintf(stderr, "feed_server FILE: %s\n", e.text);
		return 2;
	}
	info.data = buf_sv(&text);
	feed = http_body_new(&info);
	if (http_server_start(&s, &set, handler, NULL, &e) != RC_OK) {
		fprintf(stderr, "%s\n", e.text);
		return 3;
	}
	printf("%s/feed.xml %.*s\n", http_server_url(s), SV_ARG(http_body_etag(feed)));
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		;
	http_server_stop(&s, 0);
	http_body_unref(&feed);
	buf_fini(&text);
	return 0;
}
