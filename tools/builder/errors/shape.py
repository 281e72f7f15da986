"""E01: the shape of a file."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .code import ErrorCode

ENTRIES = (
    ErrorCode(
        "E0101", "an unknown key",
        "A misspelt key would otherwise be a wish that nobody hears. Text with a comma needs quotes within braces, "
        "or its second half becomes a key.",
        "main: {component: hello, prioritty: 10}",
        "main: {component: hello, priority: 10}"),
    ErrorCode(
        "E0102", "a key is missing",
        "Some keys have no sensible default.",
        "main: {component: hello}",
        "main: {component: hello, priority: 10}"),
    ErrorCode(
        "E0103", "a value of the wrong kind",
        "Each key says what it takes: text, a number, a size such as 64KiB, a time such as 10ms, a list, a map. "
        "YAML is read as version 1.2, so `yes` and `on` are text. A time needs its unit.",
        "timeout: 10",
        "timeout: 10ms"),
    ErrorCode(
        "E0104", "a value out of range",
        "Limits come from the kernel, from the hardware or from the declaration of an attribute.",
        "priority: 300",
        "priority: 254"),
    ErrorCode(
        "E0105", "not one of the possible values",
        "The message lists them.",
        "expect: power_off",
        "expect: poweroff"),
    ErrorCode(
        "E0106", "not a proper name",
        "Names become parts of C identifiers, files and messages: small letters, digits and `_`, a letter first, at"
        " most 40. Interfaces are called like `Block` or `DataStore`.",
        "instances: {My-App: {component: hello, priority: 10}}",
        "instances: {my_app: {component: hello, priority: 10}}"),
    ErrorCode(
        "E0107", "listed twice",
        "The second means nothing, so one of the two is a slip.",
        "after: [uart, uart]",
        "after: [uart]"),
)
