# story.sh — the main job, from the shell, by two officers, over real SMTP: each
# person concerned gets one message of their own in their language, and the
# counts agree with the server's own record.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"

live_init || exit 1
"$TOCSIN" people sample --count 3000 --seed 7 >people.csv
t_ok "people are imported" "$TOCSIN" people import --data data people.csv
cp "$TOP/test/e2e/world.xml" world.xml

t_ok "an alert is drafted" as anna alert new world.xml
size=$(live_size 1)
t_ok "it is submitted" as anna alert submit 1
t_exit "its author cannot approve it" 1 as anna alert approve 1 --size "$size"
t_has "and is told why" err "two people send"
t_exit "a wrong size is refused" 1 as boris alert approve 1 --size $((size + 1))
t_exit "it cannot be sent before approval" 1 as anna alert send 1
t_ok "another officer approves it" as boris alert approve 1 --size "$size"
"$TOCSIN" alert show 1 --xml --data data >frozen.xml
t_ok "the frozen message is valid CAP" "$TOCSIN" cap check frozen.xml
t_has "it is signed" frozen.xml "SignatureValue"
t_ok "the reference tool finds the signature good" xmlsec1 --verify --insecure \
	--pubkey-cert-pem data/keys/sign.crt frozen.xml

sink
live_serve serve.log || exit 1
t_ok "it is sent" as anna alert send 1
t_has "the officer is told for how many" out "queued for $size persons"
t_wait 30 live_sent 1
t_result "everything leaves within 30 s" $? "$(cat show.out serve.log)"
t_kill TERM "$SINK_PID"

# The server's record against the file that was imported, without asking Tocsin:
# one message to each e-mail address of a concerned person.
sed -n 's/^X-Rcpt-Args: <\(.*\)>$/\1/p' sink.mbox | sort >got
"$TOCSIN" audience --refs --data data frozen.xml >refs
awk -F, 'NR == FNR { concerned[$1] = 1; next } ($1 in concerned) && $5 != "" { print $5 }' \
	refs people.csv | sort -u >want
t_ok "each of them got a message, nobody else did, nobody twice" cmp got want
t_is "as many as the outbox says" "$(live_count 1 accepted)" "$(wc -l <want | tr -d ' ')"
t_is "one recipient a message" "$(grep -c '^To: <' sink.mbox)" "$(wc -l <got | tr -d ' ')"
t_is "no two have the same Message-ID" "$(grep -c '^Message-ID: ' sink.mbox)" \
	"$(grep '^Message-ID: ' sink.mbox | sort -u | wc -l | tr -d ' ')"

# Languages by hand: the alert has en, ru and ar; the first of a person's
# languages that it has wins, else English.
awk -F, 'NR == FNR { concerned[$1] = 1; next }
	($1 in concerned) && $5 != "" && !seen[$1]++ {
		n = split($4, tag, ";"); use = "en"
		for (i = 1; i <= n; i++) { sub(/-.*/, "", tag[i])
			if (tag[i] == "en" || tag[i] == "ru" || tag[i] == "ar") { use = tag[i]; break } }
		print $5, use }' refs people.csv | sort >want
awk '/^X-Rcpt-Args: / { to = $2; gsub(/[<>]/, "", to) }
	/^Content-Language: / { sub(/\r/, "", $2); print to, $2 }' sink.mbox | sort >got
t_ok "each in their language" cmp got want

t_ok "the audit log holds together" "$TOCSIN" audit verify --data data
for address in $(head -3 want | cut -d' ' -f1); do
	t_lacks "no address in the log" serve.log "$address"
	[ -e data/tocsin.sqlite ] || continue # on PostgreSQL
	grep -q "$address" data/tocsin.sqlite data/tocsin.sqlite-wal 2>/dev/null
	t_is "no address in the database" $? 1
done
