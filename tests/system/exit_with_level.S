// The smallest arm64 image: says "level" on the UART and ends QEMU with its exception level as exit code.

        b       start
        .word   0
        .quad   0x80000, image_end - 0x40080000, 0xa, 0, 0, 0
        .ascii  "ARM\x64"
        .word   0

start:  ldr     x1, =0x09000000         // PL011
        adr     x2, text
1:      ldrb    w3, [x2], #1
        cbz     w3, 2f
        str     w3, [x1]
        b       1b

2:      mrs     x3, CurrentEL
        lsr     x3, x3, #2
        adr     x1, block
        str     x3, [x1, #8]
        mov     w0, #0x18               // SYS_EXIT
        hlt     #0xf000

        .align  3
block:  .quad   0x20026, 0              // ADP_Stopped_ApplicationExit, the code
text:   .asciz  "level\n"
        .ltorg
image_end:
