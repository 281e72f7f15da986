// The settings of this product. Generated from the settings files; change it there or with --set.
#pragma once

// The folder below cmake/boards/ to build for. (settings.yaml:5)
#define SETTING_BOARD "qemu-aarch64"

// debug adds dumps and counters to the kernel. (settings.yaml:6)
#define SETTING_BUILD_DEBUG 0
#define SETTING_BUILD_RELEASE 1
#define SETTING_BUILD SETTING_BUILD_DEBUG

// Components check their own assumptions while they run. (settings.yaml:9)
#define SETTING_CHECKS 1

// Every component may read the cycle counter (for benchmarks). (settings.yaml:8)
#define SETTING_COUNTERS 0

// The longest a call may take when its connection does not say. (settings.yaml:12)
#define SETTING_DEFAULT_TIMEOUT 1000000000ull

// The least important message that instances log. (settings.yaml:7)
#define SETTING_LOG_LEVEL_ERROR 0
#define SETTING_LOG_LEVEL_WARNING 1
#define SETTING_LOG_LEVEL_INFO 2
#define SETTING_LOG_LEVEL_DEBUG 3
#define SETTING_LOG_LEVEL SETTING_LOG_LEVEL_INFO

// Every program is replaced by one that tries all it might have no authority for; see docs/threat-model.md. (settings.yaml:11)
#define SETTING_PROBE 0

// What a server may use of its own to finish a call whose caller ran out of time. (settings.yaml:14)
#define SETTING_SERVER_RESERVE 100000ull

// Over how many cores the instances that name no `cpu` are spread. (settings.yaml:10)
#define SETTING_SPREAD (1ll)

// The step in which the kernel counts timeouts. (settings.yaml:13)
#define SETTING_TIMEOUT_GRANULARITY 10000000ull

