# live.sh — a live installation in $T/data with the officers anna and boris, a
# relay port and no fixed web port. Sourced after harness.sh.

# live_init [OPTION…]: makes it; SMTP_PORT is where its mail goes. With LIVE_STORE=pg
# its store is the scratch PostgreSQL of test/lib/pg-scratch.
live_init() {
	SMTP_PORT=${SMTP_PORT:-$(t_port)}
	[ "${LIVE_STORE:-}" != pg ] || set -- --store "$TOCSIN_TEST_PG" "$@"
	"$TOCSIN" init --data data --officer anna --officer boris --master-key "$T/master.key" "$@" \
		>init.out || return 1
	sed -n 's/^Password of anna: //p' init.out >anna.pw
	sed -n 's/^Password of boris: //p' init.out >boris.pw
	live_set port 25 "$SMTP_PORT"
	live_set port 8080 0
}

# live_set KEY DEFAULT VALUE: a setting in the configuration file.
live_set() {
	sed -i "s|^#$1 = $2\$|$1 = $3|" data/tocsin.conf
}

# as OFFICER COMMAND…
as() {
	as_who=$1
	shift
	TOCSIN_PASSWORD_FILE=$T/$as_who.pw "$TOCSIN" "$@" --as "$as_who" --data data
}

# live_size ID: the audience, as the approver sees it.
live_size() {
	"$TOCSIN" alert show "$1" --data data | sed -n 's/^concerns \([0-9]*\) persons.*/\1/p'
}

# live_approve ID: submitted by anna, approved by boris with the right size.
live_approve() {
	as anna alert submit "$1" >/dev/null &&
		as boris alert approve "$1" --size "$(live_size "$1")" >/dev/null
}

# live_count ID STATE: persons of the alert whose furthest state it is.
live_count() {
	"$TOCSIN" alert show "$1" --data data |
		sed -n "s/^audience .*, $2 \([0-9]*\).*/\1/p" | grep . || echo 0
}

# live_serve LOG: all roles, until ready.
live_serve() {
	t_start "$1" "$TOCSIN" serve --data data
	SERVE_PID=$t_pid
	t_wait 10 grep -q '^Tocsin serves' "$1"
}

# live_sent ID: nothing of the alert waits any more.
live_sent() {
	"$TOCSIN" alert show "$1" --data data >show.out || return 1
	grep -q '^audience' show.out && ! grep -qE ', (ready|claimed|in-flight|in-doubt|retry-wait) |outbox [1-9]' show.out
}

# sink [OPTION…]: a real SMTP server that keeps what it takes in $T/sink.mbox.
sink() {
	t_start sink.log smtp-sink -u root -D sink.mbox "$@" "127.0.0.1:$SMTP_PORT" 256
	SINK_PID=$t_pid
	t_wait 5 sink_answers
}

sink_answers() {
	"$BUILD/test/lib/connects" "$SMTP_PORT"
}

# live_role NAME: the process of that role, under $SERVE_PID.
live_role() {
	pgrep -P "$SERVE_PID" -f -- "--role $1\$"
}

# live_rows ID STATE: messages of the alert that are in that state now.
live_rows() {
	"$TOCSIN" alert show "$1" --data data |
		sed -n "s/^messages .*, $2 \([0-9]*\).*/\1/p" | grep . || echo 0
}

# live_at_least ID STATE N: so many messages are in that state.
live_at_least() {
	[ "$(live_rows "$1" "$2")" -ge "$3" ]
}

# sink_pairs FILE…: what a sink kept, a line "recipient Message-ID" each message.
sink_pairs() {
	awk '/^X-Rcpt-Args: / { to = $2; gsub(/[<>]/, "", to) }
		/^Message-ID: / { sub(/\r/, "", $2); print to, $2 }' "$@"
}
