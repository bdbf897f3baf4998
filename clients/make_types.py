#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the types of the client libraries from protocol/schema: clients/node/protocol.d.ts and
clients/python/quay_client/protocol.py. Run it when quay-schema has renewed the schemas; --check only says whether it is time to."""
import json
import keyword
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
SCHEMAS = ROOT / "protocol" / "schema"
NODE = ROOT / "clients" / "node" / "protocol.d.ts"
PYTHON = ROOT / "clients" / "python" / "quay_client" / "protocol.py"
# Better names than those made from a command's name; the rest follows from the commands.
NAMES = {"capture.get": "Capture", "device.describe": "Device", "document.assemble": "Document", "hello": "Hello", "job.get": "Job",
         "scan.start": "JobAccepted", "state.get": "Snapshot", "visit.close": "Visit", "visit.open": "VisitOpened",
         "device.lease": "Lease"}
MEMBERS = {"error": "ErrorBody", "reason": "ErrorBody", "settings": "ScanSettings", "adjusted": "Adjustment", "file": "Rendition",
           "scanner": "ScannerAbilities", "native": "NativeStatus", "geometry": "PageGeometry", "focus": "CameraDial"}
MADE = "Made by clients/make_types.py from protocol/schema; not to be edited."


class Types:
    """Every object of the schemas, named once: what has the same members has the same name."""

    def __init__(self):
        self.objects = {}  # name -> schema
        self._names = {}  # members -> name

    def name_of(self, schema, wanted, parent=""):
        """The name of an object type; its members are named first."""
        form = json.dumps([wanted.endswith("Args"), schema["properties"], sorted(schema.get("required", []))])
        if form not in self._names:
            name = wanted if wanted not in self.objects else parent + wanted
            self._names[form] = name
            self.objects[name] = schema
            for member, inner in schema["properties"].items():
                self.visit(inner, member, name)
        return self._names[form]

    def visit(self, schema, member, parent):
        """The name of the object that `schema` is or lists; None when it is neither."""
        if schema.get("type") == "array":
            return self.visit(schema["items"], member, parent)
        if schema.get("properties"):
            if member == "settings" and "rotate_deg" in schema["properties"]:
                return self.name_of(schema, "PageSettings", parent)
            return self.name_of(schema, MEMBERS.get(member) or camel(re.sub(r"s$", "", member)), parent)
        return None


def camel(words):
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[._]", words))


def read():
    """(types, commands {name: (args, result)}, events {name: data}); a type is a name, or None for one without members."""
    types, commands, events = Types(), {}, {}
    names = [path.name.removeprefix("command.").removesuffix(".schema.json") for path in SCHEMAS.glob("command.*.schema.json")]
    for name in sorted(names, key=lambda name: (name not in NAMES, name)):
        args = json.loads((SCHEMAS / f"command.{name}.schema.json").read_text())["properties"]["args"]
        result = result_of(json.loads((SCHEMAS / f"reply.{name}.schema.json").read_text()))
        commands[name] = (
            types.name_of(args, camel(name) + "Args") if args.get("properties") else None,
            types.name_of(result, NAMES.get(name, camel(name) + "Result")) if result.get("properties") else None)
    for path in sorted(SCHEMAS.glob("event.*.schema.json")):
        schema = json.loads(path.read_text())["properties"]
        events[schema["type"]["const"]] = types.name_of(schema["data"], camel(schema["type"]["const"]))
    for path in sorted(SCHEMAS.glob("push.*.schema.json")):
        schema = json.loads(path.read_text())
        types.name_of(schema, camel(schema["properties"]["type"]["const"]))
    return types, commands, events


def result_of(reply):
    """What the first reply gives: `accepted` of a command that becomes a job, else `done`."""
    cases = {case["if"]["properties"]["status"]["const"]: case["then"]["properties"] for case in reply["allOf"]
             if "result" in case.get("then", {}).get("properties", {})}
    return cases.get("accepted", cases.get("done", {"result": {}}))["result"]


class TypeScript:
    def __init__(self, types):
        self._types = types

    def of(self, schema, member="", parent=""):
        if "const" in schema:
            return json.dumps(schema["const"])
        if "enum" in schema:
            return " | ".join(json.dumps(word) for word in schema["enum"])
        if schema.get("type") == "string" and schema.get("examples"):
            return " | ".join([*(json.dumps(word) for word in schema["examples"]), "(string & {})"])
        if schema.get("type") == "array":
            inner = self.of(schema["items"], member, parent)
            return f"Array<{inner}>"
        named = self._types.visit(schema, member, parent)
        return named or {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}.get(
            schema.get("type"), "Record<string, unknown>")

    def text(self, commands, events):
        lines = ["// SPDX-License-Identifier: Apache-2.0", f"// {MADE}", ""]
        for name, schema in self._types.objects.items():
            lines.append(f"export interface {name} {{")
            required = schema.get("required", [])
            lines += [f"  {member}{'' if member in required else '?'}: {self.of(inner, member, name)};"
                      for member, inner in schema["properties"].items()]
            lines += ["}", ""]
        empty = "Record<string, never>"
        lines.append("/** Every command: what it takes and what its first reply gives. */")
        lines += ["export interface Commands {"]
        lines += [f"  {json.dumps(name)}: {{ args: {args or empty}; result: {result or empty} }};"
                  for name, (args, result) in sorted(commands.items())]
        lines += ["}", "", "/** Every event of quayd: what stands in its `data`. */", "export interface Events {"]
        lines += [f"  {json.dumps(name)}: {data};" for name, data in events.items()]
        return "\n".join([*lines, "}", ""])


class Python:
    def __init__(self, types):
        self._types = types

    def of(self, schema, member="", parent=""):
        if "const" in schema:
            return f"Literal[{json.dumps(schema['const'])}]"
        if "enum" in schema:
            return f"Literal[{', '.join(json.dumps(word) for word in schema['enum'])}]"
        if schema.get("type") == "array":
            return f"list[{self.of(schema['items'], member, parent)}]"
        named = self._types.visit(schema, member, parent)
        return named or {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}.get(
            schema.get("type"), "dict[str, Any]")

    def member(self, name, member, schema):
        inner = self.of(schema["properties"][member], member, name)
        return inner if member in schema.get("required", []) else f"NotRequired[{inner}]"

    def text(self):
        lines = ["# SPDX-License-Identifier: Apache-2.0", f'"""{MADE}"""', "from __future__ import annotations", "",
                 "from typing import Any, Literal, NotRequired, TypedDict", ""]
        for name, schema in self._types.objects.items():
            members = {member: self.member(name, member, schema) for member in schema["properties"]}
            if any(keyword.iskeyword(member) for member in members):
                inner = ", ".join(f'"{member}": "{form}"' for member, form in members.items())
                lines += ["", f'{name} = TypedDict("{name}", {{{inner}}})', ""]
            else:
                lines += ["", f"class {name}(TypedDict):", *(f"    {member}: {form}" for member, form in members.items()), ""]
        return "\n".join(lines).rstrip() + "\n"


def main():
    types, commands, events = read()
    made = {NODE: TypeScript(types).text(commands, events), PYTHON: Python(types).text()}
    old = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        for path in old:
            print(f"{path.relative_to(ROOT)} does not say what protocol/schema says: run clients/make_types.py")
        return 1 if old else 0
    for path in old:
        path.write_text(made[path])
    return 0


if __name__ == "__main__":
    sys.exit(main())
