# etc/tocsin.conf is what the program writes into a new installation, and it is accepted.
. "$TOP/test/lib/harness.sh"

t_ok 'an installation' "$TOCSIN" init --practice --data d
t_exit 'etc/tocsin.conf is up to date (else copy it from a new installation)' 0 \
	diff "$TOP/etc/tocsin.conf" d/tocsin.conf
t_exit 'it is accepted' 0 "$TOCSIN" check-config --data d
echo 'colour = "red"' >>d/tocsin.conf
t_exit 'a setting that is unknown is not' 1 "$TOCSIN" check-config --data d
t_has 'and its line is named' err "line $(wc -l <d/tocsin.conf)"
