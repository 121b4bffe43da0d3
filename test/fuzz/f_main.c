/*
 * f_main.c — replays a folder of inputs through a fuzz target, one TAP line each.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
main(int argc, char **argv)
{
	struct dirent **names = NULL;
	struct buf input = BUF_INIT(64 * MIB), path = BUF_INIT(4096);
	struct err e = ERR_INIT;
	int i, n, done = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	n = scandir(argv[1], &names, NULL, alphasort);
	for (i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.') {
			buf_reset(&path);
			buf_addf(&path, "%s/%s", argv[1], names[i]->d_name);
			buf_reset(&input);
			if (file_read(&input, buf_str(&path), &e) != RC_OK) {
				printf("Bail out! %s\n", e.text);
				return 1;
			}
			(void)LLVMFuzzerTestOneInput((const uint8_t *)buf_str(&input),
						     buf_sv(&input).n);
			printf("ok %d - %s\n", ++done, names[i]->d_name);
		}
		free(names[i]);
	}
	free(names);
	buf_fini(&input);
	buf_fini(&path);
	if (done == 0) {
		printf("Bail out! %s: no inputs\n", argv[1]);
		return 1;
	}
	printf("1..%d\n", done);
	return 0;
}
