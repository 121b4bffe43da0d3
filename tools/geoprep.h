/*
 * geoprep.h — between the two halves of tools/geoprep: the codes and the shapes.
 */
#ifndef TOOLS_GEOPREP_H
#define TOOLS_GEOPREP_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

/* A problem with the input ends the program with this sentence. */
void prep_die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
json_t *prep_load(const char *path);
void *prep_grow(void *p, size_t n, size_t size);

/* The number of a country by alpha-2 or by three digits; -1. */
int prep_country(const char *code);
int prep_countries(void);

/* Where one polygon of the shape `name` (id may be NULL) counts, its first point being
 * given: a country's number, or -1 for nobody. */
int prep_owner(const char *name, const char *id, double lat, double lon);

/* The shape's ring drawn anew: lat, lon, lat, lon …; NULL for nearly all. */
const double *prep_outline(const char *name, int *ret_n);

/* Read the topology and write its tables. */
void prep_shapes(const char *path, FILE *out);

#endif
