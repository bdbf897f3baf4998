# SPDX-License-Identifier: Apache-2.0
"""Judges sample messages with JSON Schema as a front end would, and the references of the AsyncAPI document.

usage: validate_samples.py SCHEMA_FOLDER SAMPLES_FILE
SAMPLES_FILE holds one JSON object a line: {"schema": name, "valid": bool, "why": text, "message": {...}}.
Prints every disagreement; the exit status says whether there was one.
"""
import json
import pathlib
import sys

import jsonschema


def load_validators(folder):
    validators = {}
    for path in sorted(folder.glob("*.schema.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        validators[path.name.removesuffix(".schema.json")] = jsonschema.Draft202012Validator(schema)
    return validators


def judge_samples(validators, lines):
    judged = 0
    for line in lines:
        sample = json.loads(line)
        errors = list(validators[sample["schema"]].iter_errors(sample["message"]))
        judged += 1
        if sample["valid"] == bool(errors):
            said = errors[0].message if errors else "accepted"
            yield f"{sample['schema']}: {sample['why']}: {said}"
    print(f"{judged} samples against {len(validators)} schemas")


def resolve(document, pointer):
    for part in pointer.removeprefix("#/").split("/"):
        document = document[part.replace("~1", "/").replace("~0", "~")]
    return document


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def judge_asyncapi(folder):
    document = json.loads((folder / "asyncapi.json").read_text(encoding="utf-8"))
    for reference in references(document):
        if reference.startswith("#/"):
            try:
                resolve(document, reference)
            except KeyError:
                yield f"asyncapi.json: {reference} leads nowhere"
        elif not (folder / reference).is_file():
            yield f"asyncapi.json: no file {reference}"
    for name, operation in document["operations"].items():
        channel = operation["channel"]["$ref"] + "/messages/"
        for message in operation["messages"] + operation.get("reply", {}).get("messages", []):
            if not message["$ref"].startswith(channel):
                yield f"asyncapi.json: {name} uses a message of another channel: {message['$ref']}"


def main():
    folder = pathlib.Path(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as lines:
        complaints = list(judge_samples(load_validators(folder), lines))
    complaints += judge_asyncapi(folder)
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
