"""schemas/asyncapi.yaml against the JSON Schemas beside it, the program and its sources. Usage: schemas.py BINARIES"""
import json
import os
import re
import subprocess
import sys

import jsonschema
import yaml

from rig import ROOT, fail

SCHEMAS = f"{ROOT}/schemas"
documents = {}


def document(name):
    if name not in documents:
        path = f"{SCHEMAS}/{name}"
        if not os.path.exists(path):
            fail(f"asyncapi.yaml refers to {name}, which is not there")
        with open(path) as file:
            documents[name] = yaml.safe_load(file)
    return documents[name]


def resolve(reference, base="asyncapi.yaml"):
    """What a reference points at; fails when that is nothing."""
    name, _, pointer = reference.partition("#")
    value = document(name.removeprefix("./") or base)
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(value, dict) or part not in value:
            fail(f"asyncapi.yaml: {reference} points at nothing")
        value = value[part]
    return value


def references(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for member in value.values():
            yield from references(member)
    elif isinstance(value, list):
        for member in value:
            yield from references(member)


for name in sorted(os.listdir(SCHEMAS)):
    if name.endswith(".schema.json"):
        jsonschema.Draft202012Validator.check_schema(document(name))
        # The files that people write are no messages.
        if name not in ("config.schema.json", "routes.schema.json"):
            if f"./{name}" not in set(references(document("asyncapi.yaml"))):
                fail(f"asyncapi.yaml does not refer to {name}")

api = document("asyncapi.yaml")
if api["asyncapi"] != "3.0.0":
    fail("asyncapi.yaml is no AsyncAPI 3.0.0")
for reference in references(api):
    resolve(reference)
for name, operation in api["operations"].items():
    channel = resolve(operation["channel"]["$ref"])
    for message in operation["messages"]:
        if resolve(message["$ref"]) not in channel["messages"].values():
            fail(f"operation {name} has a message that its channel has not")
for schema in api["components"]["schemas"].values():
    jsonschema.Draft202012Validator.check_schema(schema)

# What the program itself says of the broker.
command = [f"{sys.argv[1]}/postback", "topology", "print", "--json", "-c", f"{SCHEMAS}/examples/postback.yaml"]
topology = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
addresses = {channel["address"] for channel in api["channels"].values()}
rungs = api["channels"]["retries"]["parameters"]["seconds"]["enum"]
described = {address for address in addresses if "." in address and "{" not in address}
described |= {f"postback.retry.{seconds}s" for seconds in rungs}
queues = {queue["name"] for queue in topology["queues"]}
if described | {"postback.conversions"} != queues:
    fail(f"queues of asyncapi.yaml and of the program differ: {described ^ queues}")
keys = {binding["key"] for binding in topology["bindings"]}
if not keys <= addresses:
    fail(f"asyncapi.yaml does not know the routing keys {keys - addresses}")
exchanges = {c["bindings"]["amqp"]["exchange"]["name"] for c in api["channels"].values() if "exchange" in c["bindings"]["amqp"]}
if exchanges != {topology["exchange"]}:
    fail(f"exchanges of asyncapi.yaml are {exchanges}")


def source(path):
    with open(f"{ROOT}/Sources/{path}") as file:
        return file.read()


# The headers and reasons that the sources name.
everything = "".join(
    source(os.path.relpath(f"{folder}/{name}", f"{ROOT}/Sources"))
    for folder, _, names in os.walk(f"{ROOT}/Sources") for name in names if name.endswith(".swift")
)
schemas = api["components"]["schemas"]
known = set(schemas["retryHeaders"]["properties"]) | set(schemas["deadLetterHeaders"]["properties"])
written = set(re.findall(r'"(x-postback-[a-z-]*[a-z])"', everything))
if written != known:
    fail(f"headers of asyncapi.yaml and of the sources differ: {written ^ known}")
text = source("Delivery/DeadLetterReason.swift")
reasons = {b or a for a, b in re.findall(r'case (\w+)(?: = "(\w+)")?', text)}
listed = set(schemas["deadLetterHeaders"]["properties"]["x-postback-reason"]["enum"])
if reasons != listed:
    fail(f"reasons of asyncapi.yaml and of the sources differ: {reasons ^ listed}")

# An example of what goes in is what the document says goes in.
validator = jsonschema.Draft202012Validator(document("conversion.schema.json"))
for example in document("conversion.schema.json")["examples"]:
    validator.validate(example)
print(f"ok: asyncapi.yaml: {len(addresses)} channels, {len(queues)} queues, {len(known)} headers, {len(reasons)} reasons as in the program")
