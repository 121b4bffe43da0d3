/*
 * f_signature.c — any bytes as a signed message: it is judged or refused, the message's
 * outcome is the best of its signatures, and trust only ever adds to what holds anyway.
 * The key of the trusted certificate, which signed the corpus, is gone.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "crypt/message_code.h"
#include "crypt/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define AT 1800000000

static const struct sv trusted =
	SV_INIT("-----BEGIN CERTIFICATE-----\n"
		"MIIBhDCCASmgAwIBAgIUe3eeyY87xfE9fprgA7K2F7h75PAwCgYIKoZIzj0EAwIw\n"
		"FzEVMBMGA1UEAwwMV2VhdGhlciBkZXNrMB4XDTI2MTEyMjE5NTgxNloXDTQ2MTEx\n"
		"NzE5NTgxNlowFzEVMBMGA1UEAwwMV2VhdGhlciBkZXNrMFkwEwYHKoZIzj0CAQYI\n"
		"KoZIzj0DAQcDQgAEzNEGbuSFUvUoYgdRABHRzMm/g9EejOc3vS6pibBIQgLuqKp3\n"
		"8Q6o4jIhqXAf6QXK0tbb9RKGviB6+PD5hruNfKNTMFEwHQYDVR0OBBYEFDTen9Vs\n"
		"9McMosTC6lAJXMRNou6pMB8GA1UdIwQYMBaAFDTen9Vs9McMosTC6lAJXMRNou6p\n"
		"MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhANdcu0V6LtVqutpZ\n"
		"1ylTyznJtDPqgwP1NTg0iPishCxEAiEA+RxHX3a1apTcxVsikt0J7iDP5Qykh2Dj\n"
		"JpeyUqXCpq4=\n"
		"-----END CERTIFICATE-----\n");

static void
check_report(const struct sign_report *r)
{
	enum sign_outcome best = SIGN_ABSENT;
	size_t i;

	BUG_ON(r->n > SIGN_JUDGED || r->n > r->found || (r->n == 0) != (r->found == 0));
	for (i = 0; i < r->n; i++) {
		const struct sign_verdict *v = &r->v[i];

		BUG_ON(v->outcome == SIGN_ABSENT || v->reason[0] == '\0');
		BUG_ON(v->outcome == SIGN_VALID_TRUSTED && (v->weak || !v->has_cert));
		BUG_ON(v->outcome != SIGN_BROKEN && v->algorithm[0] == '\0');
		if (v->outcome > best)
			best = v->outcome;
	}
	BUG_ON(r->outcome != best);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sv v = {size > 0 ? (const char *)data : "", size};
	struct sign_report with, without;
	char code[MESSAGE_CODE], again[MESSAGE_CODE];
	struct err e = ERR_INIT;
	size_t i;

	crypt_message_code(v, code);
	BUG_ON(!crypt_message_code_parse(sv_of(code), again) || strcmp(code, again) != 0);
	if (crypt_message_code_parse(v, code))
		BUG_ON(!crypt_message_code_parse(sv_of(code), again) || strcmp(code, again) != 0);
	if (size > LIMIT_CAP_FILE || crypt_verify_all(&with, v, trusted, AT, &e) != RC_OK)
		return 0;
	BUG_ON(crypt_verify_all(&without, v, SV_NONE, AT, &e) != RC_OK);
	check_report(&with);
	check_report(&without);
	BUG_ON(with.n != without.n || without.outcome == SIGN_VALID_TRUSTED);
	for (i = 0; i < with.n; i++)
		BUG_ON(with.v[i].outcome != without.v[i].outcome &&
		       !(with.v[i].outcome == SIGN_VALID_TRUSTED &&
			 without.v[i].outcome == SIGN_VALID_UNKNOWN));
	return 0;
}
