/*
 * cap_xml.c — see cap_xml.h.
 */
#include "cap/cap_xml.h"

#include <libxml/parser.h>
#include <pthread.h>

static xmlParserInputPtr
deny_entity(const char *url, const char *id, xmlParserCtxtPtr parser)
{
	(void)url;
	(void)id;
	(void)parser;
	return NULL;
}

static void
set_up(void)
{
	xmlInitParser();
	xmlSetExternalEntityLoader(deny_entity);
}

void
cap_xml_ready(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, set_up);
}
