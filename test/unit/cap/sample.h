/*
 * sample.h — one valid message that the tests vary, and the way to vary it.
 */
#ifndef TEST_CAP_SAMPLE_H
#define TEST_CAP_SAMPLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "cap/cap_read.h"

/* Line numbers in the tests are those of this text. */
#define SAMPLE                                                                                    \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                                            \
	"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n"                                \
	"  <identifier>EMB-2026-14</identifier>\n"                                                \
	"  <sender>desk@embassy.example</sender>\n"                                               \
	"  <sent>2026-09-22T02:10:00+03:00</sent>\n"                                              \
	"  <status>Actual</status>\n"                                                             \
	"  <msgType>Update</msgType>\n"                                                           \
	"  <scope>Public</scope>\n"                                                               \
	"  <references>desk@embassy.example,EMB-2026-13,2026-09-21T20:00:00+03:00</references>\n" \
	"  <info>\n"                                                                              \
	"    <language>en</language>\n"                                                           \
	"    <category>Security</category>\n"                                                     \
	"    <event>Mobilisation</event>\n"                                                       \
	"    <responseType>Evacuate</responseType>\n"                                             \
	"    <urgency>Immediate</urgency>\n"                                                      \
	"    <severity>Severe</severity>\n"                                                       \
	"    <certainty>Observed</certainty>\n"                                                   \
	"    <eventCode><valueName>own</valueName><value>MOB</value></eventCode>\n"               \
	"    <effective>2026-09-22T02:10:00+03:00</effective>\n"                                  \
	"    <expires>2026-09-23T02:10:00+03:00</expires>\n"                                      \
	"    <senderName>Embassy</senderName>\n"                                                  \
	"    <headline>Leave while you can</headline>\n"                                          \
	"    <description>Men are called up.</description>\n"                                     \
	"    <instruction>Take the road south.</instruction>\n"                                   \
	"    <web>https://embassy.example/alerts/14</web>\n"                                      \
	"    <contact>+1 555 0100</contact>\n"                                                    \
	"    <resource>\n"                                                                        \
	"      <resourceDesc>map</resourceDesc>\n"                                                \
	"      <mimeType>image/png</mimeType>\n"                                                  \
	"      <size>1234</size>\n"                                                               \
	"      <uri>https://embassy.example/map.png</uri>\n"                                      \
	"      <digest>da39a3ee5e6b4b0d3255bfef95601890afd80709</digest>\n"                       \
	"    </resource>\n"                                                                       \
	"    <area>\n"                                                                            \
	"      <areaDesc>Border region</areaDesc>\n"                                              \
	"      <polygon>50,30 50,31 51,31 50,30</polygon>\n"                                      \
	"      <circle>55.75,37.62 40</circle>\n"                                                 \
	"      <geocode><valueName>ISO3166-1</valueName><value>RU</value></geocode>\n"            \
	"      <altitude>100</altitude>\n"                                                        \
	"      <ceiling>2000</ceiling>\n"                                                         \
	"    </area>\n"                                                                           \
	"  </info>\n"                                                                             \
	"</alert>\n"

/* The text with the first `from` replaced by `to`; from must be there. */
static inline struct sv
text_with(struct arena *a, struct sv text, const char *from, const char *to)
{
	size_t at = sv_find(text, sv_of(from));
	struct buf b = BUF_INIT(16 * 1024 * 1024);
	struct sv made;

	BUG_ON(at == text.n);
	buf_add(&b, sv_head(text, at));
	buf_adds(&b, to);
	buf_add(&b, sv_from(text, at + strlen(from)));
	made = arena_sv(a, buf_sv(&b));
	buf_fini(&b);
	return made;
}

static inline struct sv
sample_with(struct arena *a, const char *from, const char *to)
{
	return text_with(a, SV(SAMPLE), from, to);
}

#endif
