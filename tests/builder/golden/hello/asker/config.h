// Configuration of instance asker, generated from apps/hello/system.yaml:8. Edit the description, not this file.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

extern const char instance_name[]; // "asker", from the linker script
#define INSTANCE_NAME instance_name
#define CONFIG_LOG_LEVEL 2

// Attributes; durations are in nanoseconds, sizes in bytes
#define CONFIG_HOUR 9u // apps/hello/components/asker/component.yaml:10

// Capability slots
#define SLOT_USE_GREETER 1 // calls greeter.greetings; apps/hello/system.yaml:10
#define SLOT_CONSOLE 2 // needs console; apps/hello/components/asker/component.yaml:2
#define SLOT_POWER 3 // needs power; apps/hello/components/asker/component.yaml:2

// Memory
#define STACK_MAIN_BASE 0x201000 // apps/hello/system.yaml:8
#define STACK_MAIN_BYTES 4096
