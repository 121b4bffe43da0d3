# kill_dispatch.sh — kill -9 in the middle of a large send: the dispatching process
# five times, the role keys once, the supervisor once. Every person has a message;
# those sent twice were in flight at a kill and carry the same Message-ID; the
# outbox agrees with the server's own record.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"

live_init || exit 1
"$TOCSIN" people sample --count 30000 --seed 3 >people.csv
t_ok "people are imported" "$TOCSIN" people import --data data people.csv
as anna alert new "$TOP/test/e2e/world.xml" >/dev/null
live_approve 1 || exit 1
"$TOCSIN" alert show 1 --xml --data data >frozen.xml
"$TOCSIN" audience --refs --data data frozen.xml >refs
awk -F, 'NR == FNR { concerned[$1] = 1; next } ($1 in concerned) && $5 != "" { print $5 }' \
	refs people.csv | sort -u >want
want=$(wc -l <want | tr -d ' ')
[ "$want" -ge 20000 ]
t_result "20,000 of those concerned have e-mail" $? "$want"
sink
live_serve serve.log || exit 1
t_ok "an alert is sent" as anna alert send 1

# What is in flight right after a kill is all that may be sent again. The role is
# up again half a second later at the earliest (supervise.c).
in_flight=0
kills=0
kill_at() {
	t_wait 30 live_at_least 1 accepted "$2"
	k_pid=$(live_role "$1")
	kill -9 "$k_pid" && kills=$((kills + 1))
	k_rows=$(live_rows 1 in-flight)
	in_flight=$((in_flight + k_rows))
	echo "# $1 killed with $k_rows in flight, $(live_rows 1 accepted) accepted"
}

another_role() {
	a_now=$(live_role "$1") && [ "$a_now" != "$2" ]
}

for at in 500 3000 6000 9000 12000; do
	kill_at dispatch $at
	t_wait 20 another_role dispatch "$k_pid"
done
t_is "the dispatching process was killed five times" $kills 5

t_wait 30 live_at_least 1 accepted 14500
keys=$(live_role keys)
t_ok "the role keys is killed" kill -9 "$keys"
t_wait 10 another_role keys "$keys"
t_result "and comes back" $? "$(cat serve.log)"

t_wait 30 live_at_least 1 accepted 17000
dispatch=$(live_role dispatch)
t_kill 9 "$SERVE_PID"
gone() {
	! kill -0 "$dispatch"
}
t_wait 20 gone
t_result "a killed supervisor leaves no dispatcher behind" $?
in_flight=$((in_flight + $(live_rows 1 in-flight)))
t_exit "status says no: nobody sends" 1 "$TOCSIN" status --data data

live_serve serve2.log
t_result "the service starts again" $? "$(cat serve2.log)"
t_wait 30 live_sent 1
t_result "and completes" $? "$(cat show.out)" "$(tail -5 serve2.log)"
t_kill TERM "$SERVE_PID"
t_kill TERM "$SINK_PID"

sink_pairs sink.mbox | sort >pairs
sort -u pairs >once
cut -d' ' -f1 once >got
t_ok "every person has a message, nobody else, under one Message-ID" cmp got want
t_is "no two have the same Message-ID" "$(cut -d' ' -f2 once | sort -u | wc -l)" "$(wc -l <once)"
again=$(($(wc -l <pairs) - $(wc -l <once)))
[ $again -le $in_flight ]
t_result "$again sent again, at most the $in_flight in flight at a kill" $?
t_is "as many accepted as the server's record has" "$(live_rows 1 accepted)" "$want"
t_lacks "everybody is accounted for" show.out "NOT ACCOUNTED FOR"
t_is "and the audience is what it was" "$(sed -n 's/^audience \([0-9]*\):.*/\1/p' show.out)" \
	"$(wc -l <refs | tr -d ' ')"
t_ok "the audit log holds together" "$TOCSIN" audit verify --data data
