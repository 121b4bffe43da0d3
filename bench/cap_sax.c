/*
 * cap_sax.c — the peer of `tocsin bench cap`: bare libxml2, SAX2 push, empty
 * callbacks, the same files, the same two seconds, the same JSON line.
 */
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RUN_US 2000000LL

static void
on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns, int n_ns,
	 const xmlChar **nss, int n, int n_defaulted, const xmlChar **attributes)
{
	(void)user, (void)name, (void)prefix, (void)ns, (void)n_ns, (void)nss, (void)n;
	(void)n_defaulted, (void)attributes;
}

static void
on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns)
{
	(void)user, (void)name, (void)prefix, (void)ns;
}

static void
on_text(void *user, const xmlChar *p, int n)
{
	(void)user, (void)p, (void)n;
}

static void
on_error(void *user, xmlErrorPtr e)
{
	(void)user, (void)e;
}

static const xmlSAXHandler handler = {
	.initialized = XML_SAX2_MAGIC,
	.startElementNs = on_start,
	.endElementNs = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_text,
	.serror = on_error,
};

static long long
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The whole file, or the end of the program. */
static char *
load(const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	char *p = malloc(4 << 20);

	if (f == NULL || p == NULL) {
		perror(path);
		exit(2);
	}
	*ret_n = fread(p, 1, 4 << 20, f);
	fclose(f);
	p = realloc(p, *ret_n + 1);
	return p;
}

static void
parse(const char *p, size_t n)
{
	xmlParserCtxtPtr x =
		xmlCreatePushParserCtxt((xmlSAXHandlerPtr)&handler, NULL, NULL, 0, NULL);

	xmlCtxtUseOptions(x, XML_PARSE_NONET);
	xmlParseChunk(x, p, (int)n, 1);
	xmlFreeParserCtxt(x);
}

int
main(int argc, char **argv)
{
	size_t n = (size_t)argc - 1, i, done = 0, *sizes = calloc(n + 1, sizeof(*sizes));
	char **files = calloc(n + 1, sizeof(*files));
	long long from, now;

	if (n == 0 || sizes == NULL || files == NULL)
		return 2;
	for (i = 0; i < n; i++)
		files[i] = load(argv[i + 1], &sizes[i]);
	xmlInitParser();
	from = now_us();
	do {
		for (i = 0; i < n; i++)
			parse(files[i], sizes[i]);
		done += n;
		now = now_us();
	} while (now - from < RUN_US);
	printf("{\"bench\":\"cap-sax\",\"value\":%.1f,\"unit\":\"alerts/s\",\"n\":%zu}\n",
	       (double)done * 1e6 / (double)(now - from), n);
	for (i = 0; i < n; i++)
		free(files[i]);
	free(files);
	free(sizes);
	return 0;
}
