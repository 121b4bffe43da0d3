/*
 * cmd_list.c — see cmd_list.h.
 */
#include "cmd/cmd_list.h"

const struct cmd *const cmd_list[] = {
#define X(name) &cmd_##name,
	CMD_LIST(X)
#undef X
};

const size_t cmd_list_n = ARRAY_LEN(cmd_list);
