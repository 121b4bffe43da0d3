/*
 * cap_dom.c XSD_1.2 XSD_1.1 XSD_1.0 FILE… — a peer of `tocsin bench cap`: libxml2's tree of
 * each file, validated by libxml2 against the schema of the file's version; what
 * `xmllint --schema` does, without its start. The schemas are compiled before the clock starts.
 */
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <string.h>

#include "cap_common.h"

static const char *const spaces[3] = {"urn:oasis:names:tc:emergency:cap:1.2",
				      "urn:oasis:names:tc:emergency:cap:1.1",
				      "http://www.incident.com/cap/1.0"};
static xmlSchemaPtr schemas[3];

static void
silent(void *user, xmlErrorPtr e)
{
	(void)user, (void)e;
}

static void
validate(const char *p, size_t n)
{
	xmlDocPtr doc = xmlReadMemory(p, (int)n, NULL, NULL,
				      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	xmlNodePtr root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
	xmlSchemaValidCtxtPtr ctx;
	int v = 0;

	while (v < 2 && root != NULL && root->ns != NULL &&
	       strcmp((const char *)root->ns->href, spaces[v]) != 0)
		v++;
	if (doc != NULL) {
		ctx = xmlSchemaNewValidCtxt(schemas[v]);
		xmlSchemaSetValidStructuredErrors(ctx, silent, NULL);
		(void)xmlSchemaValidateDoc(ctx, doc);
		xmlSchemaFreeValidCtxt(ctx);
	}
	xmlFreeDoc(doc);
}

int
main(int argc, char **argv)
{
	xmlSchemaParserCtxtPtr parser;
	int v;

	if (argc < 5)
		return 2;
	xmlInitParser();
	for (v = 0; v < 3; v++) {
		parser = xmlSchemaNewParserCtxt(argv[1 + v]);
		schemas[v] = xmlSchemaParse(parser);
		xmlSchemaFreeParserCtxt(parser);
		if (schemas[v] == NULL)
			return 2;
	}
	run("cap-dom-xsd", argv + 4, (size_t)argc - 4, validate);
	for (v = 0; v < 3; v++)
		xmlSchemaFree(schemas[v]);
	return 0;
}
