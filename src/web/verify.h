/*
 * verify.h — what can be said of a message that somebody asks about. Pure: judged by what is
 * published, by codes and digests of what is not public, and by the authority's certificate.
 *
 * A signature that holds, or bytes that are those we published, make a message genuine. A code
 * does not: it can be copied into a false text. It only leads to the true text, which the
 * reader has to compare.
 */
#ifndef WEB_VERIFY_H
#define WEB_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/i18n.h"
#include "base/sv.h"
#include "crypt/sign.h"
#include "web/page.h"

struct arena;
struct published;

/* How sure a reader may be: the sign beside the words. */
enum verify_mark {
	VERIFY_YES,
	VERIFY_LOOK, /* there is something to be done first */
	VERIFY_NO,
	VERIFY_UNCLEAR,
};

/* Name, mark, what it is, what to do (keys of base/i18n.def). */
#define VERIFY_VERDICTS(X)                                                       \
	X(GENUINE, YES, I18N_VERDICT_GENUINE, I18N_DO_RELY)                      \
	X(REPLACED, LOOK, I18N_VERDICT_REPLACED, I18N_DO_NOT_ACT)                \
	X(CANCELLED, LOOK, I18N_VERDICT_CANCELLED, I18N_DO_NOT_ACT)              \
	X(ENDED, LOOK, I18N_VERDICT_ENDED, I18N_DO_NOT_ACT)                      \
	X(NOT_PUBLIC, LOOK, I18N_VERDICT_NOT_PUBLIC, I18N_DO_ASK_STATE)          \
	X(UNPUBLISHED, NO, I18N_VERDICT_UNPUBLISHED, I18N_DO_ASK)                \
	X(BROKEN, NO, I18N_VERDICT_BROKEN, I18N_DO_ASK)                          \
	X(UNKNOWN_SIGNER, NO, I18N_VERDICT_UNKNOWN, I18N_DO_ASK)                 \
	X(UNSIGNED, NO, I18N_VERDICT_UNSIGNED, I18N_DO_ASK)                      \
	X(UNREADABLE, UNCLEAR, I18N_VERDICT_UNREADABLE, I18N_DO_RESEND)          \
	X(CODE, LOOK, I18N_VERDICT_CODE, I18N_DO_COMPARE)                        \
	X(CODE_NOT_PUBLIC, LOOK, I18N_VERDICT_CODE_PRIVATE, I18N_DO_ASK_PRIVATE) \
	X(NO_SUCH_CODE, NO, I18N_VERDICT_NO_SUCH_CODE, I18N_DO_RETYPE)           \
	X(NO_CODE, UNCLEAR, I18N_VERDICT_NO_CODE, I18N_DO_ASK)

enum verify_verdict {
#define X(name, mark, what, todo) VERIFY_##name,
	VERIFY_VERDICTS(X)
#undef X
};

#define VERIFY_SHOWN 3

struct verify {
	enum verify_verdict verdict;
	/* Ours, whose text is shown: what it is, or what it says it is. Borrowed from the
	 * published. */
	const struct page_alert *alerts[VERIFY_SHOWN];
	size_t n_alerts;
	char signer[SIGN_FINGERPRINT]; /* of UNKNOWN_SIGNER; may be empty */
};

enum verify_mark verify_mark_of(enum verify_verdict);
enum i18n_key verify_what(enum verify_verdict);
enum i18n_key verify_todo(enum verify_verdict);

/* A code that was typed; text that holds one will do. */
void verify_code(struct verify *ret, const struct published *, struct sv typed);

/* Anything pasted or uploaded: an alert file of at most LIMIT_CAP_FILE bytes, or the text or the
 * saved e-mail of a message, of at most LIMIT_MESSAGE. cert_pem: the authority's own certificate
 * comes first in it; empty: it is not known here. */
void verify_text(struct verify *ret, const struct published *, struct sv text, struct sv cert_pem,
		 int64_t now);

#endif
