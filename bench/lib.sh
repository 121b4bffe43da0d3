# lib.sh — what the measurements share. Sourced: . ./lib.sh (bench/run changes here first).
#
# Given from outside or by default: TOCSIN, TOCSIN_CORPUS, ROUNDS. Here: tmp, a folder
# that goes away at the end, with the processes whose ids were put into `pids`.

: "${TOCSIN:=$(cd .. && pwd)/build/tocsin}" "${TOCSIN_CORPUS:=$(cd .. && pwd)/../shared}" "${ROUNDS:=3}"
case $TOCSIN_CORPUS in
/*) ;;
*) TOCSIN_CORPUS=$(cd .. && cd "$TOCSIN_CORPUS" && pwd) || exit 3 ;;
esac
[ -x "$TOCSIN" ] || {
	echo "$TOCSIN is not there: build it with make" >&2
	exit 2
}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/tocsin-bench.XXXXXX")
pids=
finish() {
	kill $pids 2>/dev/null || :
	wait 2>/dev/null || :
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# A number out of one line of JSON on stdin: number KEY.
number() {
	sed -n "s/.*\"$1\":\(-\{0,1\}[0-9][0-9.]*\).*/\1/p"
}

# The median of the numbers on stdin, one a line.
median() {
	sort -g | awk '{ v[NR] = $1 } END { print NR ? v[int((NR + 1) / 2)] : "none" }'
}

ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f\n", a / b }'
}

# One line of the table: figure WHAT VALUE UNIT [min|max BAR]. min: at least the bar.
figure() {
	awk -v what="$1" -v value="$2" -v unit="$3" -v side="${4:-}" -v bar="${5:-}" 'BEGIN {
		if (side == "min") {
			met = value + 0 >= bar + 0
			bar = "at least " bar
		} else if (side == "max") {
			met = value + 0 <= bar + 0
			bar = "at most " bar
		}
		printf "= %s\t%s %s\t%s\t%s\n", what, value, unit, bar,
		    side == "" ? "" : met ? "met" : "NOT MET"
	}'
}

# A free port of the loopback address.
free_port() {
	perl -MIO::Socket::INET -e '
		print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport'
}

# until_true SECONDS COMMAND…
until_true() {
	end=$(($(date +%s) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -le "$end" ] || {
			echo "gave up waiting for: $*" >&2
			return 1
		}
		sleep 0.02
	done
}

now() {
	date +%s.%N
}
