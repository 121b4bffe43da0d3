/*
 * readiness.h — what an installation should have before the night comes.
 */
#ifndef CMD_READINESS_H
#define CMD_READINESS_H

enum readiness { READINESS_UNKNOWN, READINESS_NO, READINESS_YES };

const char *readiness_name(enum readiness); /* "unknown", "no", "yes" */

/* Is the folder on an encrypted block device (dm-crypt below it, Linux)? */
enum readiness readiness_disk(const char *dir);

#endif
