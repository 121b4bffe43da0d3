/*
 * cap_sax.c push|pull|kept FILE… — a peer of `tocsin bench cap`: bare libxml2, SAX2 with empty
 * callbacks, the same files. push: a push parser for each file, the way that programs read
 * from a socket. pull: xmlSAXUserParseMemory. kept: one push parser for all of them.
 */
#include <libxml/parser.h>
#include <string.h>

#include "cap_common.h"

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

static xmlSAXHandler handler = {
	.initialized = XML_SAX2_MAGIC,
	.startElementNs = on_start,
	.endElementNs = on_end,
	.characters = on_text,
	.ignorableWhitespace = on_text,
	.cdataBlock = on_text,
	.serror = on_error,
};

static xmlParserCtxtPtr kept;

static void
push(const char *p, size_t n)
{
	xmlParserCtxtPtr x = xmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL);

	xmlCtxtUseOptions(x, XML_PARSE_NONET);
	xmlParseChunk(x, p, (int)n, 1);
	xmlFreeParserCtxt(x);
}

static void
pull(const char *p, size_t n)
{
	(void)xmlSAXUserParseMemory(&handler, NULL, p, (int)n);
}

static void
keep(const char *p, size_t n)
{
	xmlCtxtResetPush(kept, NULL, 0, NULL, NULL);
	xmlParseChunk(kept, p, (int)n, 1);
}

int
main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	xmlInitParser();
	kept = xmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL);
	xmlCtxtUseOptions(kept, XML_PARSE_NONET);
	if (strcmp(argv[1], "push") == 0)
		run("cap-sax-push", argv + 2, (size_t)argc - 2, push);
	else if (strcmp(argv[1], "pull") == 0)
		run("cap-sax-pull", argv + 2, (size_t)argc - 2, pull);
	else
		run("cap-sax-kept", argv + 2, (size_t)argc - 2, keep);
	xmlFreeParserCtxt(kept);
	return 0;
}
