# Debian's cross compiler for riscv64; nothing it makes may lean on a hosted C library.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv64)
set(TENON_TRIPLET riscv64-linux-gnu)

set(CMAKE_C_COMPILER ${TENON_TRIPLET}-gcc)
set(CMAKE_ASM_COMPILER ${TENON_TRIPLET}-gcc)
set(CMAKE_OBJCOPY ${TENON_TRIPLET}-objcopy CACHE FILEPATH "")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

# The same flags in every build kind; what the kernel and the components add stands with them. Floating point travels in
# integer registers everywhere (lp64), so that code with and without it links.
# Nothing sets `gp`: no small data, and no __global_pointer$ that would let the linker use it.
set(CMAKE_C_FLAGS_INIT "-ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables")
string(APPEND CMAKE_C_FLAGS_INIT " -march=rv64gc -mabi=lp64 -mcmodel=medany -msmall-data-limit=0")
set(CMAKE_ASM_FLAGS_INIT "-fno-pic -march=rv64gc -mabi=lp64 -mcmodel=medany")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -static -no-pie -Wl,--build-id=none")

# Code of the kernel and of components without `fpu: true`: no floating point.
set(TENON_KERNEL_FLAGS -march=rv64imac_zicsr_zifencei)
set(TENON_INTEGER_FLAGS ${TENON_KERNEL_FLAGS})

# What compiled code calls where there is no instruction: part of the kernel and of each component's C library.
set(TENON_COMPILER_SOURCES ${CMAKE_CURRENT_LIST_DIR}/../kernel/arch/riscv64/bits.c)
