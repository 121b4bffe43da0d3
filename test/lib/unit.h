/*
 * unit.h — what every unit test includes: cmocka and its prerequisites.
 */
#ifndef TEST_LIB_UNIT_H
#define TEST_LIB_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/sv.h"

#define assert_sv(got, want)                                                                  \
	do {                                                                                  \
		struct sv got_ = (got), want_ = (want);                                       \
		if (!sv_eq(got_, want_))                                                      \
			fail_msg("got \"%.*s\", want \"%.*s\"", SV_ARG(got_), SV_ARG(want_)); \
	} while (0)

#endif
