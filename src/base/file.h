/*
 * file.h — whole files, bounded on reading, durable on writing.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/sv.h"

/* Append the file to buf; "-" is standard input. RC_IO when it cannot be read,
 * RC_LIMIT when it is larger than the buf's maximum (found before reading it
 * where the size is known). */
enum rc file_read(struct buf *, const char *path, struct err *) CHECKED;

/* Write to a temporary file beside path, sync, rename, sync the folder. mode
 * as for open(2). RC_IO; the old file stays then. */
enum rc file_write(const char *path, struct sv, unsigned mode, struct err *) CHECKED;

/* As file_write, but RC_CONFLICT when path exists. */
enum rc file_create(const char *path, struct sv, unsigned mode, struct err *) CHECKED;

bool file_exists(const char *path);

/* mkdir; an existing folder is fine. RC_IO. */
enum rc file_mkdir(const char *path, unsigned mode, struct err *) CHECKED;

/* Sync the folder that holds path. RC_IO. */
enum rc file_sync_folder(const char *path, struct err *) CHECKED;

/* All of it, over EINTR and short writes. RC_IO. */
enum rc file_write_all(int fd, struct sv, struct err *) CHECKED;

#endif
