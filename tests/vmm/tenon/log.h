// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define log_info(...) ((void)0)
#define log_error(...) ((void)0)
