// SPDX-License-Identifier: BSD-2-Clause
int main(void) { return CONFIG_RATE + sizeof CONFIG_LABEL; }
