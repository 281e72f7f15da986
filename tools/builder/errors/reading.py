"""E00: reading text."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .code import ErrorCode

ENTRIES = (
    ErrorCode(
        "E0001", "a file cannot be read",
        "Every file that a description names must be there and be of a sensible size.",
        "include: [comon.yaml]",
        "include: [common.yaml]"),
    ErrorCode(
        "E0002", "a file is not YAML",
        "The text is not one YAML document in UTF-8. The place is where the parser gave up; the cause is often the "
        "line above it.",
        "instances: {main: {component: hello",
        "instances: {main: {component: hello}}"),
    ErrorCode(
        "E0003", "a key is given twice",
        "YAML parsers silently keep one of the two. Which value was meant, only its author can say.",
        "priority: 10\npriority: 20",
        "priority: 20"),
    ErrorCode(
        "E0004", "a YAML feature that descriptions do not use",
        "Anchors, aliases, tags and keys that are not words hide where a value comes from. Shared parts belong in a"
        " file under `include`, or in a compound component.",
        "first: &shared {component: echo, priority: 10}\nsecond: *shared",
        "first: {component: echo, priority: 10}\nsecond: {component: echo, priority: 10}"),
    ErrorCode(
        "E0005", "a value is set in two files",
        "Included files add up. If one could silently win, a change in a shared file would reach some products and "
        "not others. A product that wants another value says so under `overlay:`.",
        "include: [common.yaml]      # sets expect: running\nexpect: poweroff",
        "include: [common.yaml]\noverlay: {expect: poweroff}"),
    ErrorCode(
        "E0006", "an include that cannot be",
        "A file cannot include itself, directly or through others, nor be included twice by the same file, nor lie "
        "outside the project.",
        "include: [system.yaml]      # in system.yaml",
        "include: [common.yaml]"),
    ErrorCode(
        "E0007", "an overlay that changes nothing",
        "`key: null` removes what is there, and `key+` adds to a list that is there. When nothing is there, the "
        "base has changed or the key is misspelt.",
        "instances: {dsik: null}",
        "instances: {disk: null}"),
)
