// Configuration of instance greeter, generated from apps/hello/system.yaml:7. Edit the description, not this file.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

extern const char instance_name[]; // "greeter", from the linker script
#define INSTANCE_NAME instance_name
#define CONFIG_LOG_LEVEL 2

// Attributes; durations are in nanoseconds, sizes in bytes
#define CONFIG_FAIL 0 // apps/hello/components/greeter/component.yaml:10

// Capability slots
#define SLOT_CONSOLE 1 // needs console; apps/hello/components/greeter/component.yaml:2

// Memory
#define STACK_MAIN_BASE 0x201000 // apps/hello/system.yaml:7
#define STACK_MAIN_BYTES 4096
