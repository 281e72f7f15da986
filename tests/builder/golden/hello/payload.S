// What the components are made of, generated from their linked files. Each part starts on a page.
// SPDX-License-Identifier: BSD-2-Clause

    .section .payload, "a"
    .balign 4096
    .globl payload_asker_text
payload_asker_text: // e40cd04be35fee6b
    .incbin "payload/asker_text.bin"
    .balign 4096
    .globl payload_asker_rodata
payload_asker_rodata: // af46aa07307a4733
    .incbin "payload/asker_rodata.bin"
    .balign 4096
    .globl payload_asker_data
payload_asker_data: // 3a6eb0790f39ac87
    .incbin "payload/asker_data.bin"
    .balign 4096
    .globl payload_greeter_rodata
payload_greeter_rodata: // 4b249b519fef6a17
    .incbin "payload/greeter_rodata.bin"
    .balign 4096
    .globl payload_greeter_data
payload_greeter_data: // 3a6eb0790f39ac87
    .incbin "payload/greeter_data.bin"
    .balign 4096
