/*
 * cap_rules.c — conditions inside and between the elements of one message
 * (CAP 1.2, 3.2.1 to 3.2.4). Pure.
 *
 * A value that could not be read was reported by the reader; the rules here
 * then say nothing of it.
 */
#include "cap/cap_rules.h"

#include "base/utf8.h"
#include "cap/cap_advice.h"
#include "cap/cap_geometry.h"
#include "cap/cap_values.h"

#define HEADLINE_MAX 160 /* characters; 3.2.2 recommends it */

/* The texts that are no names, references or content of their own form. */
static bool
is_prose(const struct cap_kind *kind, size_t place)
{
	if (kind == &cap_kind_alert)
		return place > CAP_ALERT_SENDER && place != CAP_ALERT_REFERENCES;
	return kind != &cap_kind_resource || place == CAP_RESOURCE_DESC;
}

static void
judge_empty(struct cap_sink *s, const struct cap_frame *f, size_t place)
{
	const struct cap_element *el = &f->children[place];

	/* identifier and sender have a rule of their own. */
	if (f->kind == &cap_kind_alert && place <= CAP_ALERT_SENDER)
		return;
	if (cap_element_required(el) && f->kind != &cap_kind_pair)
		cap_tell(s, CAP_RULE_EMPTY_REQUIRED, cap_spot_child(f, place),
			 "<%s> is empty (expected a text)", el->name.p);
	else
		cap_tell(s, CAP_RULE_EMPTY_ELEMENT, cap_spot_child(f, place),
			 "<%s> is empty (expected a text, or no <%s>)", el->name.p, el->name.p);
}

static void
judge_leaf(struct cap_sink *s, const struct cap_frame *f, size_t place)
{
	const struct cap_element *el = &f->children[place];
	const char *object = f->object;
	const struct sv *text = (const struct sv *)(const void *)(object + el->at);
	const struct cap_texts *list;
	size_t i;

	switch (el->type) {
	case CAP_TYPE_TEXT:
		if (text->n == 0)
			judge_empty(s, f, place);
		else if ((f->not_plain >> place & 1) != 0 && is_prose(f->kind, place))
			cap_advice_text(s, f, place, 0, *text);
		break;
	case CAP_TYPE_LANGUAGE:
	case CAP_TYPE_URI:
		if (text->n == 0)
			judge_empty(s, f, place);
		break;
	case CAP_TYPE_TEXTS:
		if ((f->not_plain >> place & 1) == 0)
			break;
		list = (const struct cap_texts *)(const void *)(object + el->at);
		for (i = 0; i < list->n; i++) {
			if (list->v[i].n > 0)
				cap_advice_text(s, f, place, i + 1, list->v[i]);
		}
		break;
	default:
		break;
	}
}

void
cap_rules_complete(struct cap_sink *s, const struct cap_frame *f)
{
	const struct cap_element *el;
	size_t i;

	for (i = 0; i < f->kind->n; i++) {
		el = &f->children[i];
		if (f->count[i] > 0)
			judge_leaf(s, f, i);
		else if (cap_element_required(el))
			cap_tell(s, CAP_RULE_MISSING_ELEMENT, cap_spot_frame(f),
				 "no <%s> (expected %s)", el->name.p,
				 cap_element_many(el) ? "one or more" : "one");
	}
}

static void
judge_time(struct cap_sink *s, const struct cap_frame *f, size_t place, const struct cap_time *t)
{
	if (t->ok && t->text.n == 25 && t->at.offset_min == 0 && t->text.p[19] == '+')
		cap_tell(s, CAP_RULE_UTC_PLUS_ZERO, cap_spot_child(f, place),
			 "\"%.*s\" (expected -00:00 when UTC is meant)", SV_ARG(t->text));
}

void
cap_rules_resource(struct cap_sink *s, const struct cap_frame *f)
{
	const struct cap_resource *r = f->object;
	size_t bytes = 0;
	bool absolute;

	if (r->mime_type.n > 0 && !cap_is_mime_type(r->mime_type))
		cap_tell(s, CAP_RULE_INVALID_MIME_TYPE, cap_spot_child(f, CAP_RESOURCE_MIME_TYPE),
			 "\"%.*s\" (expected a type such as image/png)",
			 SV_ARG(cap_quote(s, r->mime_type)));
	if (r->size.n > 1 && r->size.p[0] == '-' && cap_is_integer(r->size))
		cap_tell(s, CAP_RULE_INVALID_SIZE, cap_spot_child(f, CAP_RESOURCE_SIZE),
			 "\"%.*s\" (expected a number of bytes, 0 or more)",
			 SV_ARG(cap_quote(s, r->size)));
	if (r->uri.n > 0 && r->deref_uri.n == 0 && cap_is_uri(r->uri, &absolute) && !absolute)
		cap_tell(s, CAP_RULE_RELATIVE_URI, cap_spot_child(f, CAP_RESOURCE_URI),
			 "\"%.*s\" is relative (expected an absolute URI, or the content in "
			 "<derefUri>)",
			 SV_ARG(cap_quote(s, r->uri)));
	if (r->deref_uri.n > 0 && !cap_base64_size(r->deref_uri, &bytes))
		cap_tell(s, CAP_RULE_INVALID_DEREF_URI, cap_spot_child(f, CAP_RESOURCE_DEREF_URI),
			 "\"%.*s\" (expected base64)", SV_ARG(cap_quote(s, r->deref_uri)));
	if (r->digest.n > 0 && !cap_is_sha1(r->digest))
		cap_tell(s, CAP_RULE_INVALID_DIGEST, cap_spot_child(f, CAP_RESOURCE_DIGEST),
			 "\"%.*s\" (expected a SHA-1 in 40 hexadecimal digits)",
			 SV_ARG(cap_quote(s, r->digest)));
	cap_advice_resource(s, f, bytes);
}

void
cap_rules_area(struct cap_sink *s, const struct cap_frame *f)
{
	const struct cap_area *a = f->object;
	double low, high;

	cap_geometry_area(s, f);
	if (a->ceiling.n > 0 && a->altitude.p == NULL)
		cap_tell(s, CAP_RULE_CEILING_ALONE, cap_spot_child(f, CAP_AREA_CEILING),
			 "<ceiling> without <altitude> (expected both, or <altitude> alone)");
	if (cap_parse_decimal(a->altitude, &low) && cap_parse_decimal(a->ceiling, &high) &&
	    high < low)
		cap_tell(s, CAP_RULE_CEILING_BELOW, cap_spot_child(f, CAP_AREA_CEILING),
			 "%.*s is below the altitude %.*s (expected a ceiling at or above it)",
			 SV_ARG(cap_quote(s, a->ceiling)), SV_ARG(cap_quote(s, a->altitude)));
	cap_advice_area(s, f);
}

void
cap_rules_info(struct cap_sink *s, const struct cap_frame *f, const struct cap_alert *alert)
{
	const struct cap_info *info = f->object;
	const struct cap_time *start = info->effective.ok ? &info->effective : &alert->sent;
	bool absolute;

	judge_time(s, f, CAP_INFO_EFFECTIVE, &info->effective);
	judge_time(s, f, CAP_INFO_ONSET, &info->onset);
	judge_time(s, f, CAP_INFO_EXPIRES, &info->expires);
	if (info->expires.ok && start->ok && info->expires.at.utc <= start->at.utc)
		cap_tell(s, CAP_RULE_EXPIRES_NOT_AFTER, cap_spot_child(f, CAP_INFO_EXPIRES),
			 "%.*s is not after %.*s, the %s time (expected a later time)",
			 SV_ARG(info->expires.text), SV_ARG(start->text),
			 start == &alert->sent ? "sent" : "effective");
	if (info->headline.n > HEADLINE_MAX && utf8_count(info->headline) > HEADLINE_MAX)
		cap_tell(s, CAP_RULE_HEADLINE_TOO_LONG, cap_spot_child(f, CAP_INFO_HEADLINE),
			 "%zu characters (expected at most %d)", utf8_count(info->headline),
			 HEADLINE_MAX);
	if (info->web.n > 0 && cap_is_uri(info->web, &absolute) && !absolute)
		cap_tell(s, CAP_RULE_WEB_NOT_ABSOLUTE, cap_spot_child(f, CAP_INFO_WEB),
			 "\"%.*s\" (expected an absolute URI such as https://example.org/)",
			 SV_ARG(cap_quote(s, info->web)));
	cap_advice_info(s, f, alert);
}

static void
judge_references(struct cap_sink *s, const struct cap_frame *f, const struct cap_alert *a)
{
	struct cap_spot at = cap_spot_child(f, CAP_ALERT_REFERENCES);
	struct sv rest = a->references_text, item;
	struct cap_reference r;
	bool ok;

	while (cap_next_reference(&rest, &item, &r, &ok)) {
		if (!ok) {
			cap_tell(s, CAP_RULE_INVALID_REFERENCES, at,
				 "\"%.*s\" (expected sender,identifier,sent)",
				 SV_ARG(cap_quote(s, item)));
			continue;
		}
		if (sv_eq(r.identifier, a->identifier) && sv_eq(r.sender, a->sender) &&
		    a->sent.ok && r.sent.at.utc == a->sent.at.utc)
			cap_tell(s, CAP_RULE_CIRCULAR_REFERENCE, at,
				 "\"%.*s\" is this message itself (expected earlier messages)",
				 SV_ARG(cap_quote(s, item)));
		else if (a->sent.ok && r.sent.at.utc > a->sent.at.utc)
			cap_tell(s, CAP_RULE_POSTDATED_REFERENCE, at,
				 "\"%.*s\" was sent after this message, %.*s (expected earlier "
				 "messages)",
				 SV_ARG(cap_quote(s, item)), SV_ARG(a->sent.text));
	}
}

static void
judge_quoted(struct cap_sink *s, const struct cap_frame *f, size_t place, struct sv list,
	     enum cap_rule rule)
{
	struct sv rest = list, item;
	bool ok;

	while (cap_next_quoted(&rest, &item, &ok)) {
		if (ok)
			continue;
		cap_tell(s, rule, cap_spot_child(f, place),
			 "\"%.*s\" (expected items separated by spaces, those with a space in "
			 "double quotes)",
			 SV_ARG(cap_quote(s, list)));
		return;
	}
}

static void
judge_name(struct cap_sink *s, const struct cap_frame *f, size_t place, struct sv name,
	   enum cap_rule rule)
{
	if (f->count[place] > 0 && !cap_is_name(name))
		cap_tell(s, rule, cap_spot_child(f, place),
			 "\"%.*s\" (expected a text without white space, comma, < and &)",
			 SV_ARG(cap_quote(s, name)));
}

void
cap_rules_alert(struct cap_sink *s, const struct cap_frame *f)
{
	const struct cap_alert *a = f->object;

	judge_name(s, f, CAP_ALERT_IDENTIFIER, a->identifier, CAP_RULE_INVALID_IDENTIFIER);
	judge_name(s, f, CAP_ALERT_SENDER, a->sender, CAP_RULE_INVALID_SENDER);
	judge_time(s, f, CAP_ALERT_SENT, &a->sent);
	if (a->scope == CAP_SCOPE_RESTRICTED && a->restriction.n == 0)
		cap_tell(s, CAP_RULE_MISSING_RESTRICTION, cap_spot_child(f, CAP_ALERT_SCOPE),
			 "scope Restricted without <restriction> (expected who may know it)");
	if (a->scope != CAP_SCOPE_RESTRICTED && a->scope != CAP_SCOPE_NONE && a->restriction.n > 0)
		cap_tell(s, CAP_RULE_RESTRICTION_SCOPE, cap_spot_child(f, CAP_ALERT_RESTRICTION),
			 "<restriction> with scope %s (expected scope Restricted)",
			 cap_scope_name(a->scope));
	if (a->scope == CAP_SCOPE_PRIVATE && a->addresses.n == 0)
		cap_tell(s, CAP_RULE_MISSING_ADDRESSES, cap_spot_child(f, CAP_ALERT_SCOPE),
			 "scope Private without <addresses> (expected the recipients)");
	judge_quoted(s, f, CAP_ALERT_ADDRESSES, a->addresses, CAP_RULE_INVALID_ADDRESSES);
	judge_quoted(s, f, CAP_ALERT_INCIDENTS, a->incidents, CAP_RULE_INVALID_INCIDENTS);
	if (a->msgtype != CAP_MSGTYPE_NONE && a->msgtype != CAP_MSGTYPE_ALERT &&
	    a->references_text.n == 0)
		cap_tell(s, CAP_RULE_MISSING_REFERENCES, cap_spot_child(f, CAP_ALERT_MSGTYPE),
			 "msgType %s without <references> (expected the messages it is about)",
			 cap_msgtype_name(a->msgtype));
	judge_references(s, f, a);
	cap_advice_alert(s, f);
}

/* 3.2.1: no spaces in identifier and sender; the tree has them without, so it shows here only. */
void
cap_rules_space(struct cap_sink *s, struct cap_spot at, size_t place)
{
	if (at.frame->kind != &cap_kind_alert || place > CAP_ALERT_SENDER)
		return;
	cap_tell(s,
		 place == CAP_ALERT_SENDER ? CAP_RULE_INVALID_SENDER : CAP_RULE_INVALID_IDENTIFIER,
		 at, "white space around <%.*s> (expected none)", SV_ARG(at.child));
}

void
cap_rules_bytes(struct cap_sink *s, const struct cap_frame *alert, bool marked, bool latin1,
		bool prefixed)
{
	struct cap_spot at = cap_spot_frame(alert);

	if (!marked && !latin1 && !prefixed)
		return;
	if (prefixed)
		cap_tell_fixed(
			s, CAP_RULE_PREFIX, at,
			"elements with a prefix (expected the namespace of CAP as the default)");
	at.line = 1;
	if (marked)
		cap_tell_fixed(s, CAP_RULE_BYTE_ORDER_MARK, at,
			       "a byte order mark in front (expected '<' as the first byte)");
	if (latin1)
		cap_tell_fixed(s, CAP_RULE_LATIN_1, at, "encoding ISO-8859-1 (expected UTF-8)");
	cap_sink_sort(s);
}
