#!/usr/bin/env python3
"""Verifies an export of Signal's config log or access log: verify_config_log.py <export.ndjson> <public key>...

Needs Python 3.8 and the package `cryptography`, and nothing of Signal. docs/audit.md says what is proven.
Exit codes: 0 valid, 2 not valid (the first event at fault is named), 1 it could not be verified.
"""
import base64, functools, hashlib, io, json, re, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

def check(holds, why):
    if not holds: raise ValueError(why)
def sha256(data): return hashlib.sha256(data).digest()
def node(left, right): return sha256(b"\1" + left + right)
def compact(value): return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
def unbase64(text):
    data = base64.b64decode(text, validate=True)
    check(base64.b64encode(data).decode() == text, "base64 is spelled otherwise than it should be")
    return data

def roots(leaves):  # Merkle roots (RFC 6962, section 2.1) of the first 0, 1, 2, ... leaves
    peaks, result = [], [sha256(b"")]
    for count, leaf in enumerate(leaves, 1):
        peaks.append(leaf)
        while count % 2 == 0: count, peaks[-2:] = count // 2, [node(*peaks[-2:])]
        result.append(functools.reduce(lambda right, left: node(left, right), reversed(peaks)))
    return result

def read_key(text):  # <name>+<id>+<base64>: https://c2sp.org/signed-note
    name, key_id, encoded = text.split("+", 2)
    data = unbase64(encoded)
    check(data[0] == 1 and sha256(f"{name}\n".encode() + data)[:4].hex() == key_id, f"{text} is not a public key")
    return (name, bytes.fromhex(key_id)), Ed25519PublicKey.from_public_bytes(data[1:])

def open_checkpoint(note, keys):  # its size, root and schema fingerprints: https://c2sp.org/tlog-checkpoint
    text, signatures = note.rsplit("\n\n", 1)
    origin, size, root, *extensions = text.split("\n")
    for dash, name, signature in (line.split(" ") for line in signatures.splitlines()):
        key = keys.get((name, unbase64(signature)[:4]))
        if key and name == origin and dash == "\u2014":
            key.verify(unbase64(signature)[4:], f"{text}\n".encode())
            return int(size), unbase64(root), dict(line.split(" ")[1:] for line in extensions)
    raise ValueError("a checkpoint is not signed by a key that was named")

def event_in(record, schemas):  # 0, the schema's id in four bytes, Avro's binary encoding; returns its JSON encoding
    schema, names, data = schemas[str(int.from_bytes(record[:5], "big"))], {}, io.BytesIO(record[5:])
    keep = lambda part: names.setdefault(part["name"], part) if "fields" in part or "symbols" in part else part
    json.loads(compact(schema), object_hook=keep)
    def take(count):
        check(0 <= count <= len(data.getbuffer()) - data.tell(), "the bytes end too early")
        return data.read(count)
    def long(value=0, shift=0):
        byte = take(1)[0]
        value |= (byte & 127) << shift
        return long(value, shift + 7) if byte > 127 else value >> 1 ^ -(value & 1)
    def blocks():
        while count := long():
            if count < 0: count, _ = -count, long()
            yield from range(count)
    def read(schema):
        kind = schema["type"] if isinstance(schema, dict) else schema
        if isinstance(schema, list):
            branch = schema[long()]
            name = branch if isinstance(branch, str) else branch.get("name", branch["type"])
            return None if name == "null" else {name: read(branch)}
        if kind in names: return read(names[kind])
        if kind == "record": return {field["name"]: read(field["type"]) for field in schema["fields"]}
        if kind == "array": return [read(schema["items"]) for _ in blocks()]
        if kind == "map": return dict((read("string"), read(schema["values"])) for _ in blocks())
        if kind == "enum": return schema["symbols"][long()]
        if kind == "string": return take(long()).decode()
        return {"long": long, "int": long, "boolean": lambda: take(1) == b"\1"}[kind]()
    event = read(schema)
    check(data.read() == b"", "there are bytes left over")
    return event

def name_fault(found, noted, at):
    is_missing, is_known = noted[at] not in found, found[at:] and found[at] in noted
    if is_missing: return f"event {at + 1} was {'removed' if is_known or not found[at:] else 'altered'}"
    if not is_known or found.count(found[at]) > 1: return f"an event was inserted before event {at + 1}"
    return f"events were reordered: event {noted.index(found[at]) + 1} stands in the place of event {at + 1}"

def verify(path, public_keys):
    keys, found, noted, wrong, signed, schemas = dict(map(read_key, public_keys)), [], [], [], 0, {}
    *lines, rest = open(path, "rb").read().split(b"\n")
    header = json.loads(lines[0])
    is_export = compact(header) == lines[0] and re.fullmatch("signal-(config|access-log)-export/1", header["format"])
    check(is_export, "its first line was altered")
    first = next((i for i, line in enumerate(lines) if line.startswith(b'{"checkpoint"')), len(lines))
    for sequence, line in enumerate(lines[1:first], 1):
        record = line
        try:
            shown = json.loads(line)
            record = unbase64(shown["record"])
            event = event_in(record, header["schemas"])
            check(shown == {"sequence": sequence, "record": shown["record"], "event": event}, "it is shown otherwise")
            check(event.get("sequence", sequence) == sequence and compact(shown) == line, "it is written otherwise")
        except Exception: wrong.append(sequence)
        found.append(sha256(b"\0" + record))
    for entry in (checkpoints := [json.loads(line) for line in lines[first:]]):
        hashes = unbase64(entry["leaf_hashes"])
        noted[entry["first_leaf"]:] = [hashes[i:i + 32] for i in range(0, len(hashes), 32)]
    trees = roots(found), roots(noted)
    for size, root, schemas in (open_checkpoint(entry["checkpoint"], keys) for entry in checkpoints):
        for id, hash in schemas.items():
            check(unbase64(hash) == sha256(compact(header["schemas"].get(id))), f"schema {id} is not the one signed")
        if trees[0][size:] and trees[0][size] == root: signed = size; continue
        check(trees[1][size:] and trees[1][size] == root, f"one of events {signed + 1} to {size} is not what it was")
        raise ValueError(name_fault(found, noted, next(i for i in range(size) if found[i:i + 1] != noted[i:i + 1])))
    check(not wrong, f"event {wrong and wrong[0]} was altered: what is shown of it is not what its bytes say")
    check(len(found) == signed, f"event {signed + 1} is not signed: it was inserted, or a checkpoint was removed")
    is_ours = header["origin"] in {name for name, _ in keys} and set(header["public_keys"]) <= set(public_keys)
    about = [is_ours, header["size"], header["schemas"].keys(), noted, rest]
    check(about == [True, signed, schemas.keys(), found, b""], "what is around the events is not as it was")
    return f"valid: {signed} events, root {base64.b64encode(trees[0][signed]).decode()}"

if len(sys.argv) < 3: sys.exit(__doc__)
try: print(verify(sys.argv[1], sys.argv[2:]))
except OSError as error: sys.exit(f"it could not be verified: {error}")
except Exception as error: sys.exit(print("INVALID:", error if type(error) is ValueError else f"malformed: {type(error).__name__} {error}") or 2)
