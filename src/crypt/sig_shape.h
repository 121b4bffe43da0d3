/*
 * sig_shape.h — for files of this room: whether a Signature element is one that can
 * speak for a whole message (sign.h says why nothing else is looked at).
 */
#ifndef CRYPT_SIG_SHAPE_H
#define CRYPT_SIG_SHAPE_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

enum sig_family { SIG_RSA, SIG_EC };

/* Borrowed from the tree. */
struct sig_shape {
	xmlNode *key_info; /* NULL when there is none */
	enum sig_family family;
	const char *method, *digest; /* names for people */
	bool weak;                   /* SHA-1 */
};

bool sig_is(const xmlNode *, const char *name); /* an element of XML-DSig */
/* The node itself or the next of its siblings that is an element; NULL at the end. */
xmlNode *sig_element(xmlNode *);

/* The Signature elements below and including root, in the order of the document: the number
 * of all, the first `max` of them in v. */
size_t sig_find(xmlNode *root, xmlNode **v, size_t max);

/* NULL when it has the shape; else why not, a sentence without its full stop. */
const char *sig_shape_read(struct sig_shape *ret, xmlNode *sig, const xmlNode *root) CHECKED;

#endif
