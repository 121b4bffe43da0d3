# restart.sh — a role that cannot be started again for a while (no descriptor is
# left) does not end the service: the others work on, and it comes back.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"

command -v prlimit >/dev/null && command -v pgrep >/dev/null || {
	trap - EXIT
	cd / && rm -rf "$T"
	echo "1..0 # SKIP needs prlimit and pgrep"
	exit 0
}
live_init || exit 1
live_serve serve.log || exit 1

dispatch_is_back() {
	role=$(live_role dispatch) && [ "$role" != "$before" ]
}

before=$(live_role dispatch)
web=$(live_role web)
prlimit --pid "$SERVE_PID" --nofile=4:1024
kill -9 "$before"
t_ok "that it cannot be started is said" t_wait 10 grep -q 'role.not-started role=dispatch' serve.log
t_ok "the service goes on" kill -0 "$SERVE_PID"
t_ok "so does another role" test "$(live_role web)" = "$web"
prlimit --pid "$SERVE_PID" --nofile=1024:1024
t_ok "the role comes back" t_wait 20 dispatch_is_back
