#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The rules of PDF/A-2b (ISO 19005-2) that a document of page images can break, checked without our own code: bytes
are read here, objects through qpdf. Prints every broken rule with its section; exit status 1 when there is one.
Usage: pdfa_rules.py FILE..."""
import base64
import json
import re
import subprocess
import sys

XMP = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


class Checker:
    def __init__(self, path):
        self.data = open(path, "rb").read()
        done = subprocess.run(["qpdf", "--json=2", "--json-stream-data=inline", "--decode-level=none", path],
                              capture_output=True, check=True)
        self.objects = json.loads(done.stdout)["qpdf"][1]
        self.broken = []

    def rule(self, section, holds, words):
        if not holds:
            self.broken.append(f"{section}: {words}")

    def get(self, value):
        while isinstance(value, str) and re.fullmatch(r"\d+ \d+ R", value):
            value = self.objects[f"obj:{value}"]
            value = value.get("value", value.get("stream"))
        return value

    def stream(self, reference):
        stream = self.get(reference)
        return stream["dict"], base64.b64decode(stream["data"])

    def check_bytes(self):
        data = self.data
        self.rule("6.1.2", re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", data), "header and its binary comment")
        self.rule("6.1.3", re.search(rb"%%EOF(\r\n|\r|\n)?\Z", data), "nothing behind the last %%EOF")
        self.rule("6.1.4", re.search(rb"\nxref\n\d+ \d+\n(\d{10} \d{5} [fn](\r\n| \n| \r))+", data), "cross-reference layout")
        for head in re.finditer(rb"/Length (\d+)[^\n]*>>\nstream(\r\n|\n)", data):
            end = head.end() + int(head.group(1))
            self.rule("6.1.7.1", data[end:end + 11] == b"\nendstream\n", "a stream has the length that it says")
        for number in re.finditer(rb"(?:^|\n)(\d+ \d+ obj)", data):
            self.rule("6.1.9", data[number.end():number.end() + 1] == b"\n", "a line break behind obj")

    def check_trailer(self):
        trailer = self.objects["trailer"]["value"]
        self.rule("6.1.3", "/ID" in trailer and len(trailer["/ID"]) == 2, "an identifier in the trailer")
        self.rule("6.1.3", "/Encrypt" not in trailer, "no encryption")
        return self.get(trailer["/Root"])

    def check_metadata(self, catalog):
        self.rule("6.6.2.1", "/Metadata" in catalog, "metadata in the catalog")
        entries, xmp = self.stream(catalog["/Metadata"])
        self.rule("6.6.2.1", entries.get("/Type") == "/Metadata" and entries.get("/Subtype") == "/XML", "a metadata stream")
        text = xmp.decode("utf-8")
        packet = re.match(r"<\?xpacket begin=\"\ufeff?\" id=\"W5M0MpCehiHzreSzNTczkc9d\"([^?]*)\?>", text)
        self.rule("6.6.2.1", packet and not packet.group(1).strip(), "a packet header without bytes and encoding")
        self.rule("6.6.4", re.search(r"pdfaid:part(=\"|>)2", text), "pdfaid:part is 2")
        self.rule("6.6.4", re.search(r"pdfaid:conformance(=\"|>)B", text), "pdfaid:conformance is B")
        from xml.etree import ElementTree
        tree = ElementTree.fromstring(re.sub(r"<\?xpacket[^?]*\?>", "", text))
        known = ("http://www.aiim.org/pdfa/ns/id/", "http://ns.adobe.com/xap/1.0/", "http://ns.adobe.com/pdf/1.3/",
                 "http://purl.org/dc/elements/1.1/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#")
        for description in tree.iter(XMP + "Description"):
            for name in list(description.attrib) + [child.tag for child in description]:
                self.rule("6.6.2.3", name[1:].startswith(known), f"a schema that needs no extension: {name}")

    def check_intent(self, catalog):
        intents = [self.get(i) for i in self.get(catalog.get("/OutputIntents", []))]
        intents = [i for i in intents if i.get("/S") == "/GTS_PDFA1"]
        self.rule("6.2.3", len(intents) == 1, "one output intent for PDF/A")
        entries, icc = self.stream(intents[0]["/DestOutputProfile"])
        self.rule("6.2.3", int.from_bytes(icc[:4], "big") == len(icc) and icc[36:40] == b"acsp", "a sound profile")
        self.rule("6.2.3", icc[8] in (2, 4) and icc[12:16] in (b"mntr", b"prtr"), "version and class of the profile")
        self.rule("6.2.3", icc[16:20] == b"RGB " and entries.get("/N") == 3, "an RGB profile of three components")
        for i in range(int.from_bytes(icc[128:132], "big")):
            start, size = (int.from_bytes(icc[132 + 12 * i + k:136 + 12 * i + k], "big") for k in (4, 8))
            self.rule("6.2.3", start % 4 == 0 and start + size <= len(icc), "tags inside the profile")

    def check_pages(self, node):
        node = self.get(node)
        if node["/Type"] == "/Pages":
            self.rule("7.7.3", node["/Count"] == sum(self.check_pages(kid) for kid in node["/Kids"]), "count of pages")
            return node["/Count"]
        left, bottom, right, top = node["/MediaBox"]
        for side in (right - left, top - bottom):
            self.rule("6.1.13", 3 <= side <= 14400, f"a page side of 3 to 14400 units, not {side}")
        _, content = self.stream(node["/Contents"])
        used = set(re.findall(rb"[A-Za-z*'\"]+(?=\s)", re.sub(rb"/\S+", b"", content)))
        operators = set(b"q Q cm Do g rg BT ET Tf Tr Tm Td Tj TJ Tz Tw Tc TL".split())
        self.rule("6.2.2", used <= operators, f"operators: {used - operators}")
        resources = self.get(node["/Resources"])
        names = {n.decode() for n in re.findall(rb"(/\S+) Do", content)}
        objects = self.get(resources.get("/XObject", {}))
        self.rule("6.2.2", names <= set(objects), "what is painted is in the resources")
        self.rule("6.2.10", "/ExtGState" not in resources or "/Group" in node, "a group where there is transparency")
        return 1

    def check_streams(self):
        for name, holder in self.objects.items():
            if "stream" not in holder:
                continue
            entries = holder["stream"]["dict"]
            filters = entries.get("/Filter", [])
            filters = filters if isinstance(filters, list) else [filters]
            self.rule("6.1.7.2", not {"/LZWDecode", "/Crypt"} & set(filters), f"{name}: filters")
            self.rule("6.1.7.1", not {"/F", "/FFilter", "/FDecodeParms"} & set(entries), f"{name}: inside the file")
            if entries.get("/Subtype") == "/Image":
                self.check_image(name, entries)

    def check_image(self, name, entries):
        self.rule("6.2.8", not {"/Alternates", "/OPI", "/SMask", "/SMaskInData"} & set(entries), f"{name}: entries")
        self.rule("6.2.8", entries.get("/Interpolate", False) is False, f"{name}: no interpolation")
        self.rule("6.2.8", entries["/BitsPerComponent"] in (1, 2, 4, 8, 16), f"{name}: bits")
        if entries.get("/ImageMask"):
            self.rule("8.9.6.2", entries["/BitsPerComponent"] == 1 and "/ColorSpace" not in entries, f"{name}: stencil")
        else:
            self.rule("6.2.4.3", entries["/ColorSpace"] in ("/DeviceRGB", "/DeviceGray"), f"{name}: colour space")
        if "/Mask" in entries:
            mask, _ = self.stream(entries["/Mask"])
            self.rule("8.9.6.3", mask.get("/ImageMask") is True, f"{name}: an explicit mask")

    def run(self):
        self.check_bytes()
        catalog = self.check_trailer()
        self.check_metadata(catalog)
        self.check_intent(catalog)
        self.check_pages(catalog["/Pages"])
        self.check_streams()
        return self.broken


def main():
    broken = [f"{path}: {words}" for path in sys.argv[1:] for words in Checker(path).run()]
    print("\n".join(broken))
    return 1 if broken or len(sys.argv) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
