# import_while_sending.sh — the role keys serves who imports (and holds the store) and who
# sends (and waits for the store with an audit row): neither stops the other.
. "$TOP/test/lib/harness.sh"

by() {
	by_who=$1
	shift
	"$TOCSIN" "$@" --as "$by_who" --data data
}

"$TOCSIN" init --practice --data data >/dev/null || exit 1
sed -i 's/^#port = 8080$/port = 0/' data/tocsin.conf
"$TOCSIN" people sample --count 20000 --seed 1 >people.csv
"$TOCSIN" people import --data data people.csv >/dev/null || exit 1
t_start serve.log "$TOCSIN" serve --data data
t_wait 10 grep -q '^Tocsin serves' serve.log || exit 1
by duty alert new "$TOP/test/e2e/world.xml" >new.out || exit 1
size=$(sed -n 's/^concerns \([0-9]*\) persons.*/\1/p' new.out)
by duty alert submit 1 >/dev/null
by second alert approve 1 --size "$size" >/dev/null
by duty alert send 1 >/dev/null
t_ok "the import ends soon" timeout 20 "$TOCSIN" people import --data data people.csv
t_lacks "no message had to wait for its address" serve.log 'delivery.render'
t_lacks "the store was not kept from the dispatcher" serve.log 'store.failed'
