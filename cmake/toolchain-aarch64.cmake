# Debian's cross compiler for aarch64; nothing it makes may lean on a hosted C library.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(TENON_TRIPLET aarch64-linux-gnu)

set(CMAKE_C_COMPILER ${TENON_TRIPLET}-gcc)
set(CMAKE_ASM_COMPILER ${TENON_TRIPLET}-gcc)
set(CMAKE_OBJCOPY ${TENON_TRIPLET}-objcopy CACHE FILEPATH "")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

# The same flags in every build kind; what the kernel and the components add stands with them.
set(CMAKE_C_FLAGS_INIT "-ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables")
# Atomics inline: libgcc's functions for them ask a hosted system which instructions there are.
string(APPEND CMAKE_C_FLAGS_INIT " -mno-outline-atomics")
set(CMAKE_ASM_FLAGS_INIT "-fno-pic")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -static -no-pie -Wl,--build-id=none")

# Code of the kernel: no floating point, and addresses within 2 GiB of its base.
set(TENON_KERNEL_FLAGS -mgeneral-regs-only -mcmodel=small)
# Components without `fpu: true`.
set(TENON_INTEGER_FLAGS -mgeneral-regs-only)
