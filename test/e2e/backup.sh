# backup.sh — a backup in the middle of a send, a person forgotten after it, a
# restore elsewhere: nothing is written over, nothing is sent before an officer says
# so, then what was not sent at the backup and nothing that had been; who was
# forgotten is forgotten again.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"

live_init || exit 1
"$TOCSIN" people sample --count 6000 --seed 21 >people.csv
"$TOCSIN" people import --data data people.csv >/dev/null || exit 1
as anna alert new "$TOP/test/e2e/world.xml" >/dev/null
live_approve 1 || exit 1
"$TOCSIN" alert show 1 --xml --data data >frozen.xml
"$TOCSIN" audience --refs --data data frozen.xml >refs
awk -F, 'NR == FNR { concerned[$1] = 1; next } ($1 in concerned) && $5 != "" { print $5 }' \
	refs people.csv | sort -u >want
persons=$("$TOCSIN" people count --data data --json | t_number persons)

sink
live_serve serve.log || exit 1
as anna alert send 1 >/dev/null
t_wait 20 live_at_least 1 accepted 500
t_ok "a backup while a send is running" "$TOCSIN" backup --data data backup.sqlite
t_ok "and one of the keys" "$TOCSIN" keys backup --data data keys.sqlite
t_exit "neither is written over" 1 "$TOCSIN" backup --data data backup.sqlite
t_wait 20 live_sent 1
t_result "the send goes on" $? "$(cat show.out)"
sink_pairs sink.mbox | sort -u | cut -d' ' -f1 >got
t_ok "to everybody" cmp got want
t_exit "restore refuses to write over the database" 1 "$TOCSIN" restore backup.sqlite --data data
t_has "and says so" err "data/tocsin.sqlite exists and is not written over"

gone=$(awk -F, 'NR == FNR { concerned[$1] = 1; next } ($1 in concerned) && $5 != "" { ref = $1 } END { print ref }' \
	refs people.csv)
address=$(grep "^$gone," people.csv | head -n 1 | cut -d, -f5)
t_ok "a person is forgotten after the backup" as anna people forget "$gone"
t_kill TERM "$SERVE_PID"

# The machine is lost: the backup, and the keys of today.
t_ok "the keys are backed up again" "$TOCSIN" keys backup --data data keys-today.sqlite
grep -q "$address" backup.sqlite keys.sqlite
t_is "no address lies open in a backup" $? 1
mv data lost

t_exit "without the keys nothing is restored" 2 "$TOCSIN" restore backup.sqlite --data data
t_has "and it says what is missing" err "--keys FILE"
rm -rf data
sed 's/[A-Za-z0-9]/A/g' master.key >wrong.key
TOCSIN_MASTER_KEY=$T/wrong.key "$TOCSIN" restore backup.sqlite --keys keys-today.sqlite --data data \
	>out 2>err </dev/null
[ $? -ne 0 ] && [ "$(wc -l <err)" -eq 1 ] && grep -q 'master key\|wrong.key' err
t_result "with another master key it is refused, with a sentence" $? "$(cat err)"
t_is "and there is no database then" "$(ls data/tocsin.sqlite 2>/dev/null)" ""
rm -rf data

t_ok "restored with the keys of today" \
	"$TOCSIN" restore backup.sqlite --keys keys-today.sqlite --data data
t_has "the forgotten person was removed again" out "1 persons forgotten since the backup were removed again"
t_is "one person fewer" "$("$TOCSIN" people count --data data --json | t_number persons)" $((persons - 1))
t_exit "who cannot be found" 1 as anna people forget "$gone"
t_ok "the audit log holds together" "$TOCSIN" audit verify --data data

before=$(live_rows 1 accepted)
open=$(sqlite3 data/tocsin.sqlite "SELECT count(*) FROM delivery WHERE next_at IS NOT NULL OR claim <> 0")
: >sink.mbox
live_serve serve2.log || exit 1
t_exit "status says that it is on hold" 1 "$TOCSIN" status --data data
t_has "and how to release it" out "tocsin queue release"
held() {
	grep -q 'outbox.run' serve2.log
}
t_wait 10 held
t_ok "a new look changes nothing" as anna queue hold
t_is "nothing is sent on hold" "$(grep -c '^X-Rcpt-Args' sink.mbox)" 0
t_is "as many as at the backup count as sent" "$(live_rows 1 accepted)" "$before"
inflight=$(($(live_rows 1 in-doubt) + $(live_rows 1 in-flight)))
t_ok "an officer releases it" as anna queue release
t_wait 20 live_sent 1
t_result "the rest is sent" $? "$(cat show.out)"
t_kill TERM "$SERVE_PID"
t_kill TERM "$SINK_PID"
sink_pairs sink.mbox | sort >pairs
t_is "what had been sent at the backup is not sent again" \
	"$(($(live_rows 1 accepted) - before))" "$(wc -l <pairs | tr -d ' ')"
t_lacks "nothing goes to the forgotten person" pairs "$address"
[ "$(wc -l <pairs)" -gt 0 ] && [ "$open" -gt 0 ]
t_result "there was something left to send" $? "$open rows open"
t_ok "the audit log holds together after that" "$TOCSIN" audit verify --data data
