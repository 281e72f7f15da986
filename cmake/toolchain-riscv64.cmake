# Debian's cross compiler for riscv64; nothing it makes may lean on a hosted C library.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv64)
set(TENON_TRIPLET riscv64-linux-gnu)

set(CMAKE_C_COMPILER ${TENON_TRIPLET}-gcc)
set(CMAKE_ASM_COMPILER ${TENON_TRIPLET}-gcc)
set(CMAKE_OBJCOPY ${TENON_TRIPLET}-objcopy CACHE FILEPATH "")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

# The same flags in every build kind; what the kernel and the components add stands with them.
set(CMAKE_C_FLAGS_INIT "-ffreestanding -fno-pic -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -mcmodel=medany")
set(CMAKE_ASM_FLAGS_INIT "-fno-pic -mcmodel=medany")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostdlib -static -no-pie -Wl,--build-id=none")

# Code of the kernel and of components without `fpu: true`: no floating point.
set(TENON_KERNEL_FLAGS -march=rv64imac_zicsr_zifencei -mabi=lp64)
set(TENON_INTEGER_FLAGS -march=rv64imac_zicsr_zifencei -mabi=lp64)
