# hostile.sh — files made to hurt whoever reads them. Every command that reads a
# foreign message refuses each with one sentence, within 64 MiB; how long that took
# is shown, and decides nothing.
. "$TOP/test/lib/harness.sh"
PEAK=$BUILD/test/lib/peak

# The head of a good message and the head of its first block, to put something bad behind.
sed '/<info>/,$d' "$TOP/test/e2e/world.xml" >head.part
sed -n '/<info>/,/<\/info>/p' "$TOP/test/e2e/world.xml" | sed '/<area>/,$d' >info.part

# repeat N TEXT: the text so many times.
repeat() {
	awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'
}

{
	echo '<!DOCTYPE alert [<!ENTITY a "aaaaaaaaaa">'
	last=a
	for i in b c d e f g h i j; do
		echo "<!ENTITY $i \"$(repeat 10 "&$last;")\">"
		last=$i
	done
	echo ']>'
	sed '1d;s/<headline>[^<]*/<headline>\&j;/' "$TOP/test/e2e/world.xml"
} >bomb.xml
{
	echo '<!DOCTYPE alert ['
	printf '<!ENTITY a "%s">]>\n' "$(repeat 100000 a)"
	sed "1d;s/<headline>[^<]*/<headline>$(repeat 1000 '\&a;')/" "$TOP/test/e2e/world.xml"
} >quadratic.xml
{
	echo '<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
	sed '1d;s/<headline>[^<]*/<headline>\&x;/' "$TOP/test/e2e/world.xml"
} >xxe.xml
{
	echo '<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/alert.dtd">'
	sed 1d "$TOP/test/e2e/world.xml"
} >dtd.xml
sed 's/<headline>[^<]*/<headline>\&nobody;/' "$TOP/test/e2e/world.xml" >entity.xml
{ cat head.part; repeat 10485760 x; } >ten_megabytes.xml
{ cat head.part; repeat 10000 '<info>'; } >deep.xml
{ cat head.part; repeat 10000 '<info>'; repeat 10000 '</info>'; echo '</alert>'; } >deep_closed.xml
{
	cat head.part info.part
	repeat 1000000 '<parameter/>'
	echo '</info></alert>'
} >parameters.xml
{
	cat head.part info.part
	repeat 90000 '<parameter><valueName>a</valueName><value>b</value></parameter>'
	echo '</info></alert>'
} >parameters_whole.xml
{ printf '<alert'; awk 'BEGIN { for (i = 0; i < 130000; i++) printf " a%d=\"\"", i }'; echo '/>'; } >attributes.xml
{ printf '<alert'; awk 'BEGIN { for (i = 0; i < 130000; i++) printf " xmlns:a%d=\"u:%d\"", i, i }'; echo '/>'; } >namespaces.xml
{ cat head.part; awk 'BEGIN { for (i = 0; i < 200000; i++) printf "<x%d/>", i }'; echo '</alert>'; } >names.xml
{ cat head.part; repeat 1000000 '<?p?>'; echo '</alert>'; } >instructions.xml
{ cat head.part; repeat 500000 '<![CDATA[]]>'; echo '</alert>'; } >cdata.xml
{
	cat head.part info.part
	printf '<area><areaDesc>a</areaDesc><polygon>'
	repeat 900000 '1,1 '
	echo '</polygon></area></info></alert>'
} >points.xml
{
	cat head.part
	printf '<references>'
	repeat 400000 ', '
	echo '</references></alert>'
} >references.xml
sed "s/<headline>[^<]*/<headline>$(printf 'a\377\300\200b')/" "$TOP/test/e2e/world.xml" >utf8.xml
{ head -c 400 "$TOP/test/e2e/world.xml"; printf '\000'; tail -c +401 "$TOP/test/e2e/world.xml"; } >nul.xml
{ printf '\377\376<\000a\000'; } >utf16.xml
head -c 100000 "$TOCSIN" >noise.xml
: >empty.xml

slowest=0
largest=0
# refused NAME: by every command that reads a foreign message.
refused() {
	r_all=0
	for r_command in check show repair thread verify; do
		"$PEAK" used "$TOCSIN" cap $r_command "$1.xml" >out 2>err </dev/null
		read -r r_exit r_ms r_kib <used
		[ "$r_ms" -le "$slowest" ] || slowest=$r_ms
		[ "$r_kib" -le "$largest" ] || largest=$r_kib
		if [ "$r_exit" -ne 1 ] || [ "$r_kib" -gt 65536 ] || [ "$(cat out err | wc -c)" -eq 0 ] ||
			[ "$(wc -c <err)" -gt 4096 ]; then
			r_all=1
			echo "# cap $r_command: exit $r_exit, $r_ms ms, $r_kib KiB"
			head -c 300 err | sed 's/^/#   /'
		fi
		r_times="${r_times-} $r_ms"
	done
	t_result "$1 is refused by every reader within 64 MiB" $r_all
	echo "# $1:$r_times ms"
	unset r_times
}
for name in bomb quadratic xxe dtd entity ten_megabytes deep deep_closed parameters \
	parameters_whole attributes namespaces names instructions points references utf8 nul \
	utf16 noise empty; do
	refused $name
done
# A name that moves the cursor of whoever reads the answer.
esc=$(printf '\033')
cp "$TOP/test/e2e/world.xml" "bad${esc}[2J.xml"
for command in check show repair thread verify; do
	"$TOCSIN" cap $command "bad${esc}[2J.xml" "none${esc}[2J.xml" >out 2>&1
	t_lacks "cap $command does not pass a name's control characters on" out "$esc"
done
t_ok "a group of commands has a list" "$TOCSIN" cap --help
t_lacks "no file of the host is in what was said last" err root:
echo "# slowest $slowest ms, largest $largest KiB"
