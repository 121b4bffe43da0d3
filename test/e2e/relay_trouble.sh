# relay_trouble.sh — a mail server that is down, mute, slow, says "not now" or "never",
# or restarts in the middle: nothing is lost, nothing is sent twice without need,
# persons and messages are counted as what they are.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"

live_init || exit 1
live_set retry 60 1
live_set timeout 60 2
"$TOCSIN" people sample --count 900 --seed 5 >people.csv
"$TOCSIN" people import --data data people.csv >/dev/null || exit 1

# another: drafts, approves and sends the alert once more; its id in $id, the
# e-mail addresses of those concerned in $T/want.
id=0
another() {
	id=$((id + 1))
	as anna alert new "$TOP/test/e2e/world.xml" >/dev/null && live_approve $id || exit 1
	"$TOCSIN" alert show $id --xml --data data >frozen.xml
	"$TOCSIN" audience --refs --data data frozen.xml >refs
	awk -F, 'NR == FNR { concerned[$1] = 1; next } ($1 in concerned) && $5 != "" { print $5 }' \
		refs people.csv | sort -u >want
	want=$(wc -l <want | tr -d ' ')
	: >sink.mbox
	as anna alert send $id >/dev/null || exit 1
}

# The service anew: its memory of how long to leave a server alone is gone.
serve_anew() {
	t_kill TERM "$SERVE_PID"
	cat serve.log >>all.log
	live_serve serve.log || exit 1
}

# Persons by state add up to the audience, messages to the messages.
sums() {
	! grep -q "NOT ACCOUNTED" show.out && awk '
		/^(audience|messages) / {
			n = split($0, part, /[:,] */); total = part[1]; sub(/.* /, "", total)
			for (i = 2; i <= n; i++) { sub(/.* /, "", part[i]); sum[NR] += part[i] }
			if (sum[NR] != total) exit bad = 1
			seen++
		}
		END { exit bad || seen != 2 }' show.out
}

# complete NAME: everything leaves, everybody has the message under one Message-ID,
# at most $1 of them twice.
complete() {
	t_wait 30 live_sent $id
	t_result "$2: everything leaves" $? "$(cat show.out)" "$(tail -n 3 serve.log)"
	sink_pairs sink.mbox | sort >pairs
	sort -u pairs >once
	cut -d' ' -f1 once >got
	t_ok "$2: everybody has it, nobody else" cmp got want
	again=$(($(wc -l <pairs) - $(wc -l <once)))
	[ $again -le "$1" ]
	t_result "$2: $again twice, at most $1" $?
	t_is "$2: the outbox agrees" "$(live_rows $id accepted)" "$want"
	sums
	t_result "$2: the sums are right" $? "$(cat show.out)"
}

waiting() {
	"$TOCSIN" status --json --data data >status.json
	[ $(($(t_number due <status.json) + $(t_number pieces_waiting <status.json) + \
		$(t_number held <status.json))) -ge "$want" ]
}

fanned() {
	"$TOCSIN" alert show $id --data data | grep -q 'not yet in the outbox 0'
}

# Down.
live_serve serve.log || exit 1
another
t_wait 10 fanned
t_wait 10 grep -q "route.paused\|route=" serve.log
t_ok "down: status shows that messages wait" waiting
t_is "down: none is counted as sent" "$(live_rows $id accepted)" 0
t_is "down: none is given up" "$(live_rows $id failed)" 0
sink
complete 0 "down, then up"

# Restarted in the middle.
serve_anew
another
t_wait 20 live_at_least $id accepted 200
t_kill TERM "$SINK_PID"
sink
complete 16 "restarted in the middle" # sessions x slots: what was with a session

# Mute: accepts and never answers.
t_kill TERM "$SINK_PID"
serve_anew
t_start mute.log "$BUILD/test/lib/mute" "$SMTP_PORT"
mute=$t_pid
t_wait 5 sink_answers
another
t_wait 20 grep -q route.paused serve.log
t_result "mute: the log says that the way is closed for now" $? "$(cat serve.log)"
t_is "mute: none is counted as sent" "$(live_rows $id accepted)" 0
t_kill TERM "$mute"
sink
serve_anew
complete 0 "mute, then well"

# Slow to answer DATA, within the time it may take.
t_kill TERM "$SINK_PID"
sink -w 1
serve_anew
another
t_wait 10 live_at_least $id accepted 1
t_result "slow: it goes on, slowly" $? "$(tail -n 3 serve.log)"
t_kill TERM "$SINK_PID"
sink
complete 16 "slow, then quick"

# Not now: 4xx.
for verb in RCPT .; do
	t_kill TERM "$SINK_PID"
	sink -r $verb
	serve_anew
	another
	t_wait 10 live_at_least $id retry-wait 1
	t_result "4xx to $verb: it waits for another attempt" $? "$("$TOCSIN" alert show $id --data data)"
	t_is "4xx to $verb: none is given up" "$(live_rows $id failed)" 0
	t_kill TERM "$SINK_PID"
	: >sink.mbox
	sink
	complete 0 "4xx to $verb, then well"
done

# Never: 5xx.
for verb in RCPT .; do
	t_kill TERM "$SINK_PID"
	sink -f $verb
	serve_anew
	another
	t_wait 30 live_sent $id
	t_result "5xx to $verb: it comes to an end" $? "$(cat show.out)"
	t_is "5xx to $verb: none is counted as sent" "$(live_rows $id accepted)" 0
	t_is "5xx to $verb: each is counted as refused" \
		$(($(live_rows $id bounced) + $(live_rows $id failed))) "$want"
	sums
	t_result "5xx to $verb: the sums are right" $? "$(cat show.out)"
done

t_kill TERM "$SERVE_PID"
cat serve.log >>all.log
t_ok "the audit log holds together" "$TOCSIN" audit verify --data data
for address in $(head -n 3 want); do
	t_lacks "no address in the log" all.log "$address"
done
