"""E02: settings and expressions."""
# SPDX-License-Identifier: BSD-2-Clause

from __future__ import annotations

from .code import ErrorCode

ENTRIES = (
    ErrorCode(
        "E0201", "an unknown setting",
        "Settings are declared in settings.yaml and apps/<app>/settings.yaml. One that nobody declares would change"
        " nothing.",
        "./tenon run --set log_levl=debug",
        "./tenon run --set log_level=debug"),
    ErrorCode(
        "E0202", "`--set` without a value",
        "It takes one `key=value`.",
        "./tenon run --set checks",
        "./tenon run --set checks=false"),
    ErrorCode(
        "E0203", "an expression is wrong",
        "Expressions know numbers, sizes, times, text in single quotes, true and false, arithmetic, comparison, "
        "and, or, not. Both sides of an operator must be of the same type.",
        "when: ${settings.checks + 1}",
        "when: ${settings.checks and settings.build == 'debug'}"),
    ErrorCode(
        "E0204", "an expression names something unknown",
        "Names are `settings.NAME`, and inside a compound also `config.NAME`.",
        "when: ${setting.checks}",
        "when: ${settings.checks}"),
    ErrorCode(
        "E0205", "a declaration that makes no sense",
        "`choices` belongs to a choice or enum, `min` and `max` to numbers, sizes and times (`max` to a string too,"
        " for its length), and `min` is not above `max`.",
        "rate: {type: u8, min: 9, max: 3}",
        "rate: {type: u8, min: 3, max: 9}"),
    ErrorCode(
        "E0206", "a setting is declared twice",
        "An app adds settings; to change the value of one that exists, it says so under `settings:` in its "
        "system.yaml.",
        "settings: {checks: {type: bool, default: false, help: ...}}    # in apps/hello/settings.yaml",
        "settings: {checks: false}                                      # in apps/hello/system.yaml"),
    ErrorCode(
        "E0207", "settings that do not fit together",
        "A constraint of settings.yaml is not met. The message lists the settings that were changed from their "
        "defaults.",
        "./tenon run --set timeout_granularity=1s --set default_timeout=10ms",
        "./tenon run --set timeout_granularity=10ms --set default_timeout=10ms"),
    ErrorCode(
        "E0208", "a setting that the builder needs",
        "The builder reads some settings itself, so they must be declared, with their type.",
        "settings: {bord: {type: text, default: qemu-aarch64, help: ...}}",
        "settings: {board: {type: text, default: qemu-aarch64, help: ...}}"),
)
