/*
 * role.h — the parts that `serve` runs, each as a process of its own with the
 * least rights it needs (DESIGN 4).
 *
 *   keys      holds the master key; seals and opens for the others
 *   dispatch  sends what is in the outbox
 *   watch     ends alerts whose time has passed
 *   web       serves pages
 */
#ifndef CMD_ROLE_H
#define CMD_ROLE_H

#include <stdbool.h>

#include "base/compiler.h"
#include "base/err.h"
#include "cmd/config.h"

struct role_context {
	const char *dir;
	struct config config;
	int ready_fd; /* where role_ready writes; -1: nowhere */
};

struct role_kind {
	const char *name;
	bool keeps_master; /* may know where the master key is */
	/* Runs until SIGTERM or SIGINT; RC_OK then. */
	enum rc (*run)(struct role_context *, struct err *);
};

/* In the order of starting; NULL at the end. */
const struct role_kind *role_at(size_t i);
const struct role_kind *role_find(struct sv name);

/* Say that the role works now; text is for the supervisor ("" or the address served). */
void role_ready(struct role_context *, const char *text);

/* The roles, one per file. */
extern const struct role_kind role_keys, role_dispatch, role_watch, role_web;

#endif
