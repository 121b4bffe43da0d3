/*
 * xml_doc.h — for files of this room: reading a message into a tree within the
 * bounds of sign.h, and setting libxml2 and xmlsec up once.
 */
#ifndef CRYPT_XML_DOC_H
#define CRYPT_XML_DOC_H

#include <libxml/tree.h>

#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

void ready_xmlsec(void);

/* The caller frees the document with xmlFreeDoc. RC_SYNTAX, RC_LIMIT. */
enum rc xml_doc_read(xmlDoc **ret, struct sv xml, struct err *) CHECKED;

/* Where the last end tag begins, comments, CDATA and instructions passed over; xml.n when there is
 * none. Of what xml_doc_read took. */
size_t xml_doc_last_end_tag(struct sv xml);

#endif
