/*
 * cmd_list.h — every command, in the order in which --help shows them.
 */
#ifndef CMD_CMD_LIST_H
#define CMD_CMD_LIST_H

#include "cmd/cmd.h"

#define CMD_LIST(X)         \
	X(init)             \
	X(serve)            \
	X(status)           \
	X(check_config)     \
	X(officer_add)      \
	X(officer_list)     \
	X(officer_grant)    \
	X(officer_confirm)  \
	X(officer_password) \
	X(signin)           \
	X(people_import)    \
	X(people_count)     \
	X(people_sample)    \
	X(people_forget)    \
	X(export_request)   \
	X(export_approve)   \
	X(export_fetch)     \
	X(export_key)       \
	X(export_open)      \
	X(audience)         \
	X(alert_new)        \
	X(alert_lint)       \
	X(alert_list)       \
	X(alert_show)       \
	X(alert_submit)     \
	X(alert_return)     \
	X(alert_approve)    \
	X(alert_send)       \
	X(alert_update)     \
	X(alert_cancel)     \
	X(queue_hold)       \
	X(queue_release)    \
	X(publish)          \
	X(cap_check)        \
	X(cap_show)         \
	X(cap_repair)       \
	X(cap_sign)         \
	X(cap_verify)       \
	X(cap_thread)       \
	X(backup)           \
	X(restore)          \
	X(keys_backup)      \
	X(keys_fingerprint) \
	X(audit_verify)     \
	X(bench)            \
	X(manual)

#define X(name) extern const struct cmd cmd_##name;
CMD_LIST(X)
#undef X

extern const struct cmd *const cmd_list[];
extern const size_t cmd_list_n;

#endif
