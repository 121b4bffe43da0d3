#!/bin/sh
# manual.sh TOCSIN — every command has a page that mandoc accepts; names are
# unique and stand together by their first word.
set -u
tocsin=$1
n=0
failed=0

ok() { # STATUS NAME
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" || { echo "not ok $n - $2"; failed=1; }
}

pages=$("$tocsin" manual --list) || { echo "Bail out! tocsin manual --list failed"; exit 1; }

[ -z "$(echo "$pages" | sort | uniq -d)" ]
ok $? "names are unique"

# A first word that comes back after another one stood between.
[ -z "$(echo "$pages" | sed -n 's/^tocsin-\([a-z]*\)[-.].*/\1/p' | uniq | sort | uniq -d)" ]
ok $? "commands of a group stand together"

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
for page in $pages; do
	name=${page%.*}
	"$tocsin" manual "$name" >"$dir/$page" && [ -s "$dir/$page" ] &&
		grep -q '^\.Nd .' "$dir/$page"
	status=$?
	if [ $status -eq 0 ] && command -v mandoc >/dev/null 2>&1; then
		mandoc -Tlint -W error "$dir/$page" >&2
		status=$?
	fi
	ok $status "$page"
done
echo "1..$n"
exit $failed
