# Debian's own compiler for x86_64; nothing it makes may lean on a hosted C library.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(TENON_TRIPLET x86_64-linux-gnu)

set(CMAKE_C_COMPILER ${TENON_TRIPLET}-gcc)
set(CMAKE_ASM_COMPILER ${TENON_TRIPLET}-gcc)
set(CMAKE_OBJCOPY ${TENON_TRIPLET}-objcopy CACHE FILEPATH "")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

# The same flags in every build kind; what the kernel and the components add stands with them. No red zone: an interrupt in
# the kernel and a system call in a component push below the stack pointer.
set(CMAKE_C_FLAGS_INIT "-ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables")
string(APPEND CMAKE_C_FLAGS_INIT " -march=x86-64 -mno-red-zone -fcf-protection=none")
set(CMAKE_ASM_FLAGS_INIT "-fno-pic -Wa,--noexecstack")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -static -no-pie -Wl,--build-id=none")

# Code of the kernel (in the top 2 GiB), and of components without `fpu: true`: no floating point.
set(TENON_KERNEL_FLAGS -mgeneral-regs-only -mcmodel=kernel)
# Else -Os clears byte by byte.
set(TENON_COLD_FLAGS -mmemset-strategy=libcall:-1:noalign -mmemcpy-strategy=libcall:-1:noalign)
set(TENON_INTEGER_FLAGS -mgeneral-regs-only)
