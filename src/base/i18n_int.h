/*
 * i18n_int.h — the tables that tools/pocompile makes.
 */
#ifndef BASE_I18N_INT_H
#define BASE_I18N_INT_H

#include "base/i18n.h"

/* English first, the others in the order of the build. */
extern const struct i18n_language i18n_languages[];
extern const size_t i18n_languages_count;

#endif
