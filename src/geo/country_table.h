/*
 * country_table.h — the data that tools/geoprep makes at build time.
 *
 * country_arcs is a run of arcs: a varint with the number of points, then for
 * each point x and y, each the zigzag varint of the difference to the point
 * before (the first to 0). Degrees: lon = x * 360 / (country_grid_x - 1) - 180,
 * lat = y * country_lat_step + country_lat_base, both held to the earth.
 * country_lists is, for each country in turn, the number of rings, and for
 * each ring the number of its arcs and each as the zigzag varint of its number,
 * ~number when it runs backwards; an arc begins where the one before ended.
 */
#ifndef GEO_COUNTRY_TABLE_H
#define GEO_COUNTRY_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct country_row {
	char alpha2[3];
	char alpha3[4];
	uint16_t numeric; /* 0: none */
	const char *name;
};

extern const struct country_row country_rows[]; /* sorted by alpha2 */
extern const size_t country_rows_n;

extern const char country_subdivisions[][7]; /* sorted */
extern const size_t country_subdivisions_n;

extern const int country_grid_x;
extern const double country_lat_step, country_lat_base;
extern const unsigned char country_arcs[];
extern const size_t country_arcs_size, country_arcs_n;
extern const unsigned char country_lists[];
extern const size_t country_lists_size;
/* South, west, north, east in whole degrees, outward; south > north: no shape. */
extern const signed short country_boxes[][4];
extern const size_t country_points_n, country_rings_n; /* unfolded, rings closed */

#endif
