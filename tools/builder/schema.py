"""JSON Schemas (draft 7) of every file kind, made from the same declarations that the loader reads with."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from . import grammar
from .shape import Map

DRAFT = "http://json-schema.org/draft-07/schema#"
ANYTHING_WITH_NULL = {"type": "null"}


def schemas() -> dict[str, dict]:
    """By the name of the file kind; the file is <name>.schema.json."""
    found = {name: _titled(name, shape.schema()) for name, (shape, _) in grammar.FILE_KINDS.items()}
    found["component"] = _component()
    found["variant"] = _titled("variant", _partial(grammar.SYSTEM.schema(), ("include", "overlay")))
    return found


def globs() -> dict[str, list[str]]:
    """Which files each schema is for, as editors want to know it."""
    found = {name: list(patterns) for name, (_, patterns) in grammar.FILE_KINDS.items()}
    found["component"] = ["components/**/component.yaml", "apps/*/components/**/component.yaml"]
    found["variant"] = ["apps/*/variants/*.yaml"]
    return found


def _titled(name: str, schema: dict) -> dict:
    return {"$schema": DRAFT, "title": f"Tenon {name}", **schema}


def _component() -> dict:
    """A component or a compound, as `kind` says."""
    is_compound = {"properties": {"kind": {"const": "compound"}}, "required": ["kind"]}
    return {"$schema": DRAFT, "title": "Tenon component", "type": "object", "if": is_compound,
            "then": _only(grammar.COMPOUND), "else": _only(grammar.COMPONENT)}


def _only(shape: Map) -> dict:
    return shape.schema()


def _partial(schema: dict, without: tuple[str, ...] = ()) -> dict:
    """A schema for an overlay: nothing is required, null removes, `key+` adds to a list."""
    if schema.get("type") != "object":
        return schema
    result = {key: value for key, value in schema.items() if key != "required"}
    for group in ("properties", "patternProperties"):
        if group in schema:
            result[group] = {key: {"anyOf": [_partial(value), ANYTHING_WITH_NULL], **_description(value)}
                             for key, value in schema[group].items() if key not in without}
    lists = {f"{key}+": value for key, value in schema.get("properties", {}).items() if value.get("type") == "array"}
    if lists:
        result["properties"] = {**result["properties"], **{k: v for k, v in lists.items() if k[:-1] not in without}}
    return result


def _description(schema: dict) -> dict:
    return {"description": schema["description"]} if "description" in schema else {}
