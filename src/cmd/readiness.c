/*
 * readiness.c — see readiness.h. The device of the folder is looked up in
 * /sys: a device-mapper target whose uuid begins with CRYPT- is dm-crypt, and
 * what lies on top of one (a logical volume) is followed down.
 */
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/buf.h"
#include "base/file.h"
#include "cmd/readiness.h"

#define LEVELS 4

const char *
readiness_name(enum readiness r)
{
	return r == READINESS_YES ? "yes" : r == READINESS_NO ? "no" : "unknown";
}

/* /sys's folder of a block device, or of one under it. */
static enum readiness
look_at(const char *sys, int level)
{
	struct buf uuid = BUF_INIT(1024);
	enum readiness found = READINESS_NO;
	char path[1024];
	struct dirent *d;
	struct err e = ERR_INIT;
	DIR *slaves;

	snprintf(path, sizeof(path), "%.500s/dm/uuid", sys);
	if (file_exists(path) && file_read(&uuid, path, &e) == RC_OK &&
	    sv_starts(buf_sv(&uuid), SV("CRYPT-")))
		found = READINESS_YES;
	buf_fini(&uuid);
	if (found == READINESS_YES || level == 0)
		return found;
	snprintf(path, sizeof(path), "%.500s/slaves", sys);
	slaves = opendir(path);
	while (slaves != NULL && found == READINESS_NO && (d = readdir(slaves)) != NULL) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%.500s/slaves/%.255s", sys, d->d_name);
		found = look_at(path, level - 1);
	}
	if (slaves != NULL)
		closedir(slaves);
	return found;
}

enum readiness
readiness_disk(const char *dir)
{
	char path[128];
	struct stat st;

	if (stat(dir, &st) != 0)
		return READINESS_UNKNOWN;
	snprintf(path, sizeof(path), "/sys/dev/block/%u:%u", major(st.st_dev), minor(st.st_dev));
	if (!file_exists(path))
		return READINESS_UNKNOWN; /* a network or memory file system, a container */
	return look_at(path, LEVELS);
}
