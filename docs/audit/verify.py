#!/usr/bin/env python3
"""Checks an export of Arena's audit log. Needs Python 3.9 or newer, and nothing of Arena.

    python3 verify.py audit.jsonl                      are the chains whole and unchanged?
    python3 verify.py audit.jsonl --anchor HASH        … and the ones whose anchor was published?
    python3 verify.py audit.jsonl --heads earlier.jsonl  … and the ones that were exported earlier?

Exit code 0: all is well; 1: something is not, every fault is named; 2: the file cannot be read.
The format is described in docs/audit.md.
"""

import argparse
import hashlib
import json
import sys

FORMAT = "arena-audit/1"
FIRST = "0" * 64
OPEN = {
    "format", "chain", "number", "at", "act", "public", "event", "facts", "sealed", "previous",
    "hash",
}  # fmt: skip
CLOSED = {"format", "chain", "number", "closed", "previous", "hash"}


def digest(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read(path):
    """The lines of the file: (number of the line, value)."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                value = json.loads(line, object_pairs_hook=unambiguous)
            except ValueError as error:
                yield number, {"unreadable": str(error)}
            else:
                yield number, value


def unambiguous(pairs):
    """A JSON object in which no name stands twice; two readers could take different ones."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


class Chain:
    """Where a chain stands, and the hashes seen so far by number."""

    def __init__(self):
        self.number = 0
        self.hash = FIRST
        self.hashes = {}

    def take(self, entry):
        """What is wrong with the next entry of the chain."""
        number, expected = entry["number"], self.number + 1
        if number < expected:
            yield f"entry {number} stands where it does not belong"
            return
        if number > expected:
            yield f"entries {expected} to {number - 1} are missing"
        content = {name: entry[name] for name in entry if name != "hash"}
        if "closed" not in entry and digest(content) != entry["hash"]:
            yield f"entry {number} was altered: its content does not give its hash"
        elif number == expected and entry["previous"] != self.hash:
            yield f"entry {number} does not continue the one before"
        self.number, self.hash = number, entry["hash"]
        self.hashes[number] = entry["hash"]


def shape(value):
    """What is wrong with the form of a line; empty if nothing."""
    if not isinstance(value, dict):
        return "it is no object"
    if "unreadable" in value:
        return value["unreadable"]
    if value.get("format") != FORMAT:
        return f"its format is not {FORMAT}"
    names = set(value)
    if names == {"format", "heads"}:
        return ""
    if names != (CLOSED if "closed" in value else OPEN):
        return "it is neither an entry nor the heads"
    texts = all(isinstance(value[name], str) for name in ("chain", "previous", "hash"))
    number = value["number"]
    if not texts or not isinstance(number, int) or isinstance(number, bool) or number < 1:
        return "a field is of the wrong kind"
    return ""


def check(path):
    """All chains of the file, its heads, how many entries are closed, and every fault."""
    chains, faults, heads, closed = {}, [], None, 0
    for line, value in read(path):
        fault = shape(value)
        if fault:
            faults.append(f"line {line}: {fault}")
        elif heads is not None:
            faults.append(f"line {line}: nothing may follow the heads")
        elif "heads" in value:
            heads = value["heads"]
        else:
            closed += "closed" in value
            chain = chains.setdefault(value["chain"], Chain())
            faults += [f"{value['chain']}: {each}" for each in chain.take(value)]
    if heads is None:
        faults.append("the line with the heads is missing: the file was cut off")
    elif heads != heads_of(chains):
        faults.append("the heads are others than those of the chains: entries are missing or new")
    return chains, faults, closed


def heads_of(chains):
    return {name: {"number": each.number, "hash": each.hash} for name, each in chains.items()}


def against(earlier, chains):
    """Entries that an earlier export ended with must still be there, with the same hash."""
    for _, value in read(earlier):
        for name, head in (value.get("heads") or {}).items():
            now = chains[name].hashes.get(head["number"]) if name in chains else None
            if now != head["hash"]:
                yield f"{name}: entry {head['number']} is not the one of {earlier}"


def main():
    parser = argparse.ArgumentParser(description="Checks an export of Arena's audit log.")
    parser.add_argument("file")
    parser.add_argument("--anchor", help="the published hash over the heads of all chains")
    parser.add_argument("--heads", help="an earlier export, or its last line")
    asked = parser.parse_args()
    try:
        chains, faults, closed = check(asked.file)
        if asked.heads:
            faults += against(asked.heads, chains)
    except (OSError, UnicodeDecodeError) as error:
        print(f"verify: {error}", file=sys.stderr)
        return 2
    anchor = digest(heads_of(chains))
    if asked.anchor and asked.anchor != anchor:
        faults.append(f"the anchor is {anchor}, not the published one")
    for fault in faults:
        print(fault)
    entries = sum(len(each.hashes) for each in chains.values())
    print(f"{len(chains)} chains, {entries} entries ({closed} closed), {len(faults)} faults")
    print(f"anchor {anchor}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
