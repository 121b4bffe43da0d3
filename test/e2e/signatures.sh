# signatures.sh — messages signed here hold for xmlsec1 and openssl, which share no code
# with us, and theirs hold here; what is signed keeps its bytes; the four outcomes.
. "$TOP/test/lib/harness.sh"
. "$TOP/test/lib/live.sh"

cp "$TOP/test/e2e/world.xml" world.xml
for name in rsa ec; do
	case $name in
	rsa) new='rsa:2048' ;;
	ec) new='ec -pkeyopt ec_paramgen_curve:P-256' ;;
	esac
	# shellcheck disable=SC2086
	openssl req -x509 -newkey $new -nodes -keyout $name.key -out $name.crt -days 30 -subj \
		"/O=Practice/CN=The $name desk" 2>openssl.err || exit 1
	chmod 600 $name.key
done

# by_xmlsec1 FILE CERT [NODE]: the other program's verdict, by its exit.
by_xmlsec1() {
	xmlsec1 --verify --trusted-pem "$2" --node-xpath \
		"(//*[local-name()='Signature'])[${3:-1}]" "$1"
}

for name in rsa ec; do
	t_ok "$name: signed" "$TOCSIN" cap sign --key $name.key --cert $name.crt world.xml
	cp out $name.xml
	t_is "$name: nothing else is said" "$(cat err)" ""
	sed -z 's|<Signature .*</Signature>||' $name.xml >rest.xml
	t_ok "$name: the rest is the message, byte for byte" cmp rest.xml world.xml
	t_ok "$name: xmlsec1 takes it" by_xmlsec1 $name.xml $name.crt
	t_ok "$name: valid and trusted here" "$TOCSIN" cap verify --trust $name.crt $name.xml
	t_has "$name: in words" out "$name.xml: valid and trusted"
	t_ok "$name: still a valid message" "$TOCSIN" cap check $name.xml
	t_exit "$name: unknown without a list" 1 "$TOCSIN" cap verify $name.xml
	t_has "$name: in words as well" out "$name.xml: valid, unknown signer"
	sed 's/Something happens/Nothing happens/' $name.xml >bad.xml
	t_exit "$name: broken when changed" 1 "$TOCSIN" cap verify --trust $name.crt bad.xml
	t_has "$name: broken, in words" out "bad.xml: broken"
	t_exit "$name: so says xmlsec1" 1 by_xmlsec1 bad.xml $name.crt
done

t_exit "absent" 1 "$TOCSIN" cap verify --trust ec.crt world.xml
t_has "absent, in words" out "world.xml: absent"
t_has "it may still be true" out "may still be true"
t_exit "the worst of several counts" 1 "$TOCSIN" cap verify --trust ec.crt ec.xml world.xml
t_ok "two lists" "$TOCSIN" cap verify --trust ec.crt --trust rsa.crt ec.xml rsa.xml
t_exit "not yet at that time" 1 "$TOCSIN" cap verify --trust ec.crt --at 2020-01-01T00:00:00Z ec.xml
t_has "and why" out "its certificate holds only from"
t_exit "expired at that time" 1 "$TOCSIN" cap verify --trust ec.crt --at 2090-01-01T00:00:00Z ec.xml
t_has "and why as well" out "its certificate expired on"

# Messages that xmlsec1 signs, from a template.
# template METHOD FORM SECOND-TRANSFORM
template() {
	cat <<-EOF
		<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>
		<CanonicalizationMethod Algorithm="$2"/><SignatureMethod Algorithm="$1"/>
		<Reference URI=""><Transforms>
		<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>$3
		</Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
		<DigestValue/></Reference></SignedInfo><SignatureValue/>
		<KeyInfo><X509Data><X509Certificate/></X509Data></KeyInfo></Signature>
	EOF
}
more=http://www.w3.org/2001/04/xmldsig-more
inclusive=http://www.w3.org/TR/2001/REC-xml-c14n-20010315
exclusive=http://www.w3.org/2001/10/xml-exc-c14n#
for case in "rsa inclusive" "rsa exclusive" "ec inclusive" "ec exclusive"; do
	name=${case% *}
	form=${case#* }
	case $name in
	rsa) method=$more#rsa-sha256 ;;
	ec) method=$more#ecdsa-sha256 ;;
	esac
	case $form in
	inclusive) template $method $inclusive '' >sig.xml ;;
	exclusive) template $method $exclusive "<Transform Algorithm=\"$exclusive\"/>" >sig.xml ;;
	esac
	{
		sed '/<\/alert>/d' world.xml
		cat sig.xml
		echo '</alert>'
	} >template.xml
	t_ok "xmlsec1 signs: $case" xmlsec1 --sign --privkey-pem $name.key,$name.crt --output \
		theirs.xml template.xml
	t_ok "and it holds here: $case" "$TOCSIN" cap verify --trust $name.crt theirs.xml
	sed 's/Something happens/Nothing happens/' theirs.xml >bad.xml
	t_exit "not when it was changed: $case" 1 "$TOCSIN" cap verify --trust $name.crt bad.xml
done

# Several signatures.
t_exit "signed already" 1 "$TOCSIN" cap sign --key rsa.key --cert rsa.crt ec.xml
t_has "says how to add one" err "--cosign"
t_exit "nothing to add one to" 1 "$TOCSIN" cap sign --cosign --key rsa.key --cert rsa.crt world.xml
t_ok "a second signature" "$TOCSIN" cap sign --cosign --key rsa.key --cert rsa.crt ec.xml
cp out both.xml
t_ok "the first signer is enough" "$TOCSIN" cap verify --trust ec.crt both.xml
t_ok "and so is the second" "$TOCSIN" cap verify --trust rsa.crt both.xml
t_has "both are told" out "signature 2: valid and trusted"
t_ok "xmlsec1 takes the second" by_xmlsec1 both.xml rsa.crt 2
sed 's/Something happens/Nothing happens/' both.xml >bad.xml
t_exit "changed: neither holds" 1 "$TOCSIN" cap verify --trust ec.crt --trust rsa.crt bad.xml
t_exit "and nobody signs that" 1 "$TOCSIN" cap sign --cosign --key rsa.key --cert rsa.crt bad.xml

# What stands in a Signature is never read as the message's own.
sed -z 's|</alert>|<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><info xmlns="urn:oasis:names:tc:emergency:cap:1.2"><headline>All clear</headline></info></Signature></alert>|' \
	ec.xml >hidden.xml
t_ok "a foreign element in a second signature takes nothing away" "$TOCSIN" cap verify --trust \
	ec.crt hidden.xml
"$TOCSIN" cap show hidden.xml >shown 2>/dev/null
t_lacks "and nobody reads it" shown "All clear"
sed 's|<headline>A message|<headline>A<!-- not a --> message|' ec.xml >comment.xml
t_ok "a comment is not covered" "$TOCSIN" cap verify --trust ec.crt comment.xml
"$TOCSIN" cap show comment.xml >shown 2>/dev/null
t_has "and changes no text" shown "A message to everybody"

# No library writes to the terminal by itself.
sed 's|<headline>A message|<headline xmlns:a="b" a:c="">A message|' theirs.xml >relative.xml
t_exit "a namespace that is no URI" 1 "$TOCSIN" cap verify --trust ec.crt relative.xml
t_is "nothing on the terminal" "$(cat err)" ""
printf '<alert xmlns="urn:x"><a>\377</a></alert>' >bytes.xml
t_exit "bytes that are no text" 1 "$TOCSIN" cap verify bytes.xml
t_is "one sentence" "$(wc -l <err)" 1

# Keys that do not sign.
openssl genrsa -out short.key 1024 2>/dev/null
openssl req -x509 -new -key short.key -out short.crt -subj /CN=short -days 30 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:secp384r1 -nodes -keyout p384.key -out \
	p384.crt -subj /CN=p384 -days 30 2>/dev/null
openssl pkey -in ec.key -aes256 -passout pass:secret -out locked.key 2>/dev/null
chmod 600 ./*.key
t_exit "RSA 1024 does not sign" 2 "$TOCSIN" cap sign --key short.key --cert short.crt world.xml
t_has "and says what does" err "expected RSA of 2048 to 8192 bits, or ECDSA P-256"
t_exit "P-384 does not sign" 2 "$TOCSIN" cap sign --key p384.key --cert p384.crt world.xml
t_exit "a key with a password" 2 "$TOCSIN" cap sign --key locked.key --cert ec.crt world.xml
t_has "is named as such" err "without a password"
t_exit "somebody else's certificate" 2 "$TOCSIN" cap sign --key ec.key --cert rsa.crt world.xml
t_has "is named as well" err "not of the signing key"
t_exit "no key" 2 "$TOCSIN" cap sign --cert ec.crt world.xml
chmod 644 ec.key
t_ok "a key that all can read signs" "$TOCSIN" cap sign --key ec.key --cert ec.crt world.xml
t_has "with a warning" err "its mode is 0644"

# Messages that are not signed.
sed '/<status>/d' world.xml >invalid.xml
t_exit "not valid, not signed" 1 "$TOCSIN" cap sign --key rsa.key --cert rsa.crt invalid.xml
t_has "and says why" err "not valid, so it is not signed"
sed 's/cap:1\.2/cap:1.1/' world.xml >older.xml
t_ok "a message in CAP 1.1" "$TOCSIN" cap check older.xml
t_exit "is not signed" 1 "$TOCSIN" cap sign --key rsa.key --cert rsa.crt older.xml
t_has "since its schema has no signature" err "CAP 1.1 has no place for a signature"
sed '2i<!DOCTYPE alert>' world.xml >doctype.xml
t_exit "DOCTYPE is not signed" 1 "$TOCSIN" cap sign --key rsa.key --cert rsa.crt doctype.xml
t_exit "nor verified" 1 "$TOCSIN" cap verify doctype.xml
t_exit "a missing file" 2 "$TOCSIN" cap verify missing.xml
echo '<feed/>' >feed.xml
t_exit "no alert" 1 "$TOCSIN" cap verify --json feed.xml
t_has "as JSON too" out '"outcome":"unreadable"'
t_exit "a list that is none" 2 "$TOCSIN" cap verify --trust world.xml ec.xml
t_exit "a time that is none" 2 "$TOCSIN" cap verify --at noon ec.xml

# The fingerprint is the one that openssl prints; the code is that of the bytes.
print=$(openssl x509 -in ec.crt -noout -fingerprint -sha256 | sed 's/.*=//; s/://g')
t_ok "JSON" "$TOCSIN" cap verify --json --trust ec.crt ec.xml
grouped=$(echo "$print" | sed 's/..../& /g; s/ $//')
t_has "the fingerprint" out "\"fingerprint\":\"$grouped\""
t_has "the signer" out '"signer":"CN=The ec desk, O=Practice"'
t_has "the algorithm" out '"algorithm":"ECDSA-SHA256"'
live_init || exit 1
t_ok "the installation's fingerprint" "$TOCSIN" keys fingerprint --data data
t_is "is that of its certificate" \
	"$(sed -n '/^fingerprint/,$p' out | sed 's/^fingerprint//' | tr -d ' \n')" \
	"$(openssl x509 -in data/keys/sign.crt -noout -fingerprint -sha256 | sed 's/.*=//; s/://g')"
t_ok "of another certificate" "$TOCSIN" keys fingerprint --cert rsa.crt
t_has "with its name" out "CN=The rsa desk, O=Practice"
