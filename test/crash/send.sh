# send.sh — the dispatcher dies at each of its fault points, on the first pass and
# on a later one, and once more while it takes back what an earlier one held.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"
. "$TOP/test/crash/crash.sh"

crash_make 3200
TOCSIN_FAULT_LOG=$T/points
export TOCSIN_FAULT_LOG

# The points there are, from a run that nothing disturbs.
crash_begin
t_ok "an alert is sent" as anna alert send 1
crash_finish 1
crash_kept "everybody is written to when nothing dies" 0
sort -u points >all
grep -hoE 'FAULT\("(outbox|fanout)\.[a-z.-]*"\)' -r "$TOP/src/delivery" | cut -d'"' -f2 | sort -u >source
grep -E '^(outbox|fanout)\.' all | cmp -s - source
t_result "it passes every point of the dispatcher" $? "$(diff all source)"

for point in $(cat source); do
	case $point in
	outbox.recovered) passes=1 ;; # a second pass is a lease away
	outbox.answered) passes="1 700" ;;
	fanout.*) passes="1 2" ;;
	*) passes="1 3" ;;
	esac
	for pass in $passes; do
		crash_begin
		as anna alert send 1 >/dev/null
		crash_dispatch_at "$point:$pass"
		t_result "dies at $point:$pass" $? "$(tail -3 crash.log)"
		in_flight=$(live_rows 1 in-flight)
		crash_finish 1
		crash_kept "$point:$pass: everybody is written to ($in_flight were in flight)" "$in_flight"
	done
done

crash_begin
as anna alert send 1 >/dev/null
crash_dispatch_at outbox.answered:300
in_flight=$(live_rows 1 in-flight)
crash_dispatch_at outbox.recovered:1
t_result "dies while it takes back what was in flight" $? "$(tail -3 crash.log)"
crash_finish 1
crash_kept "everybody is written to after two deaths" "$in_flight"
