# How the kernel and the components become one image.
# SPDX-License-Identifier: BSD-2-Clause

# add_image(UART name [RELEASE] [GUESTS])
#
# Packs what add_program built into gen/layout.c and gen/payload.S, links them with the kernel to tenon.elf
# and makes tenon.img, the raw image that boot loaders and QEMU take. UART drives the console: kernel/plat/name.c. GUESTS: the kernel
# can host them. Call it after the last add_program.
function(add_image)
  cmake_parse_arguments(PARSE_ARGV 0 arg "RELEASE;GUESTS" "UART" "")
  add_pack_step()

  include(${PROJECT_SOURCE_DIR}/kernel/sources.cmake)
  list(APPEND KERNEL_SOURCES plat/${arg_UART}.c)
  set(folder none)
  if(arg_GUESTS)
    set(folder include)
    list(APPEND KERNEL_SOURCES ${KERNEL_GUEST_SOURCES})
    list(APPEND KERNEL_ARCH_SOURCES ${KERNEL_ARCH_GUEST_SOURCES})
  else()
    list(APPEND KERNEL_ARCH_SOURCES ${KERNEL_ARCH_NO_GUEST_SOURCES})
  endif()
  list(TRANSFORM KERNEL_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/kernel/)
  list(TRANSFORM KERNEL_COLD_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/kernel/)
  set_source_files_properties(${KERNEL_COLD_SOURCES} PROPERTIES COMPILE_OPTIONS "-Os;${TENON_COLD_FLAGS}")
  list(TRANSFORM KERNEL_ARCH_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/kernel/arch/${TENON_ARCH}/)
  set(script ${PROJECT_SOURCE_DIR}/kernel/arch/${TENON_ARCH}/kernel.ld)

  add_library(kernel_flags INTERFACE)
  target_include_directories(kernel_flags INTERFACE ${PROJECT_SOURCE_DIR}/kernel/include ${PROJECT_SOURCE_DIR}/kernel/vm/${folder}
    ${PROJECT_SOURCE_DIR}/kernel/arch/${TENON_ARCH}/include ${PROJECT_SOURCE_DIR}/kernel/arch/${TENON_ARCH}/vm/include)
  target_compile_options(kernel_flags INTERFACE
    $<$<COMPILE_LANGUAGE:C>:-O2;${TENON_KERNEL_FLAGS};-fno-omit-frame-pointer;-fno-common>
    $<$<COMPILE_LANGUAGE:C>:-ffunction-sections;-fdata-sections;-fstack-usage;-fcallgraph-info=su,da>
    $<$<COMPILE_LANGUAGE:C>:${TENON_WARNINGS};-Wno-unused-parameter>)
  add_executable(kernel ${KERNEL_SOURCES} ${KERNEL_ARCH_SOURCES} ${TENON_COMPILER_SOURCES} ${TENON_GEN}/layout.c ${TENON_GEN}/payload.S)
  target_link_libraries(kernel PRIVATE kernel_flags)
  add_numbers()
  set_source_files_properties(${TENON_GEN}/payload.S PROPERTIES COMPILE_OPTIONS "-I;${TENON_GEN}")
  if(arg_RELEASE)
    target_compile_definitions(kernel PRIVATE NDEBUG)
  endif()
  target_link_options(kernel PRIVATE -Wl,--gc-sections -Wl,-z,noexecstack -Wl,-z,max-page-size=4096 -T ${script})
  set_target_properties(kernel PROPERTIES OUTPUT_NAME tenon LINK_DEPENDS ${script})
  add_raw_image()
endfunction()

# The builder reads the linked components, checks their stacks and lays out memory.
function(add_pack_step)
  get_property(names GLOBAL PROPERTY TENON_INSTANCES)
  list(TRANSFORM names PREPEND component_ OUTPUT_VARIABLE targets)
  file(STRINGS ${TENON_GEN}/inputs.txt inputs)
  add_custom_command(
    OUTPUT ${TENON_GEN}/layout.c ${TENON_GEN}/payload.S ${TENON_GEN}/layout.json
    COMMAND ${TENON_BUILDER} pack ${TENON_PRODUCT} --build ${CMAKE_BINARY_DIR}
    DEPENDS ${targets} ${TENON_GEN}/plan.json ${inputs} ${TENON_BUILDER_FILES}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} COMMENT "Laying out the image" VERBATIM)
endfunction()

# numbers.h: what C tells assembly, see kernel/numbers.h.
function(add_numbers)
  set(folder ${CMAKE_BINARY_DIR}/numbers)
  file(MAKE_DIRECTORY ${folder})
  add_library(kernel_numbers OBJECT ${PROJECT_SOURCE_DIR}/kernel/arch/${TENON_ARCH}/numbers.c)
  target_link_libraries(kernel_numbers PRIVATE kernel_flags)
  add_custom_command(
    OUTPUT ${folder}/numbers.h
    COMMAND ${CMAKE_OBJCOPY} -O binary -j .numbers $<TARGET_OBJECTS:kernel_numbers> ${folder}/numbers.h
    DEPENDS $<TARGET_OBJECTS:kernel_numbers> COMMENT "numbers.h" VERBATIM)
  target_sources(kernel PRIVATE ${folder}/numbers.h)
  target_include_directories(kernel PRIVATE $<$<COMPILE_LANGUAGE:ASM>:${folder}>)
endfunction()

# The raw image, and the report that says what it holds; a system that does not fit its board ends here.
function(add_raw_image)
  set(image ${CMAKE_BINARY_DIR}/tenon.img)
  add_custom_command(
    OUTPUT ${image} ${CMAKE_BINARY_DIR}/report.json ${CMAKE_BINARY_DIR}/report.txt
    COMMAND ${CMAKE_OBJCOPY} -O binary $<TARGET_FILE:kernel> ${image}
    COMMAND ${TENON_BUILDER} pack ${TENON_PRODUCT} --build ${CMAKE_BINARY_DIR} --linked
    DEPENDS kernel ${TENON_BUILDER_FILES} ${PROJECT_SOURCE_DIR}/kernel/arch/${TENON_ARCH}/stacks.yaml
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} COMMENT "tenon.img" VERBATIM)
  add_custom_target(image ALL DEPENDS ${image})
endfunction()
