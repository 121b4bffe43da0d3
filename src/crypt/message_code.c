/*
 * message_code.c — the short code of a published message.
 */
#include "crypt/message_code.h"

#include "crypt/hash.h"

#define DIGITS 12
#define GROUP  4

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void
write_grouped(char ret[MESSAGE_CODE], const char digits[DIGITS])
{
	size_t i, n = 0;

	for (i = 0; i < DIGITS; i++) {
		if (i > 0 && i % GROUP == 0)
			ret[n++] = '-';
		ret[n++] = digits[i];
	}
	ret[n] = '\0';
}

void
crypt_message_code(struct sv bytes, char ret[MESSAGE_CODE])
{
	unsigned char hash[HASH_BYTES];
	char digits[DIGITS];
	uint64_t bits = 0;
	size_t i;

	hash_sha256(hash, bytes);
	for (i = 0; i < sizeof(bits); i++)
		bits = bits << 8 | hash[i];
	for (i = 0; i < DIGITS; i++)
		digits[i] = alphabet[bits >> (59 - 5 * i) & 31];
	write_grouped(ret, digits);
}

/* Bytes of white space, a hyphen or a dash (U+2010 to U+2015, U+00A0) at the front; else 0. */
static size_t
separator_length(struct sv v)
{
	if (sv_find_char(SV(" \t\r\n-"), v.p[0]) < 5)
		return 1;
	if (sv_starts(v, SV("\xC2\xA0")))
		return 2;
	if (sv_starts(v, SV("\xE2\x80")) && v.n >= 3 && (unsigned char)v.p[2] >= 0x90 &&
	    (unsigned char)v.p[2] <= 0x95)
		return 3;
	return 0;
}

/* The digit that was meant, or NUL. */
static char
meant(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if (c == 'O')
		return '0';
	if (c == 'I' || c == 'L')
		return '1';
	return sv_find_char(sv_of(alphabet), c) < sizeof(alphabet) - 1 ? c : '\0';
}

bool
crypt_message_code_parse(struct sv text, char ret[MESSAGE_CODE])
{
	char digits[DIGITS];
	size_t n = 0, skip;

	while (text.n > 0) {
		skip = separator_length(text);
		if (skip == 0) {
			if (n == DIGITS || (digits[n] = meant(text.p[0])) == '\0')
				return false;
			n++;
			skip = 1;
		}
		text = sv_from(text, skip);
	}
	if (n != DIGITS)
		return false;
	write_grouped(ret, digits);
	return true;
}
