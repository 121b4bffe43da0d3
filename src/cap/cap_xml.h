/*
 * cap_xml.h — libxml2's state of the process, set up once. For files of this room only.
 */
#ifndef CAP_CAP_XML_H
#define CAP_CAP_XML_H

/* Before any parser is made, from any thread: external entities are denied, whatever a
 * parser's options say. */
void cap_xml_ready(void);

#endif
