#!/usr/bin/python3
"""cap_lxml.py XSD_1.2 XSD_1.1 XSD_1.0 FILE… — a peer of `tocsin bench cap`: Python's lxml with
XMLSchema, each file against the schema of its version. Exit 3: lxml is not there."""
import json
import sys
import time

try:
    from lxml import etree
except ImportError:
    sys.exit(3)

SPACES = {
    "urn:oasis:names:tc:emergency:cap:1.2": 1,
    "urn:oasis:names:tc:emergency:cap:1.1": 2,
    "http://www.incident.com/cap/1.0": 3,
}
schemas = {space: etree.XMLSchema(etree.parse(sys.argv[i])) for space, i in SPACES.items()}
parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
files = []
for path in sys.argv[4:]:
    with open(path, "rb") as f:
        files.append(f.read())

done = 0
start = now = time.process_time()
while now - start < 2:
    for text in files:
        root = etree.fromstring(text, parser)
        schemas[etree.QName(root).namespace].validate(root)
    done += len(files)
    now = time.process_time()
print(json.dumps({"bench": "cap-lxml", "value": round(done / (now - start), 1),
                  "unit": "alerts/s", "n": len(files)}, separators=(",", ":")))
