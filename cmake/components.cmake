# How components become programs. gen/product.cmake calls add_instance once for each instance.
# SPDX-License-Identifier: BSD-2-Clause
include(${CMAKE_CURRENT_LIST_DIR}/newlib.cmake)
include(${PROJECT_SOURCE_DIR}/components/runtime/runtime.cmake)

# Symbols for backtraces everywhere; names in them must not tell where the build stood.
add_compile_options(-g -ffile-prefix-map=${PROJECT_SOURCE_DIR}/= -ffile-prefix-map=${CMAKE_BINARY_DIR}=.)
set(TENON_WARNINGS -Wall -Wextra -Werror)

add_newlib()
add_runtime()

# add_instance(NAME FOLDER folder SOURCES file... [LIBRARIES folder...] [FPU] [HEAP])
#
# Builds one instance: its component's sources, those of its libraries and its generated glue, linked to
# components/NAME.elf at the addresses in gen/NAME/component.ld. File names are relative to the project.
function(add_instance name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FPU;HEAP" "FOLDER" "SOURCES;LIBRARIES")
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "add_instance(${name}): SOURCES is empty")
  endif()

  set(target component_${name})
  set(glue ${TENON_GEN}/${name})
  list(TRANSFORM arg_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/)
  list(TRANSFORM arg_LIBRARIES PREPEND ${PROJECT_SOURCE_DIR}/)
  # Fetched sources that are gone are fetched again, as all fetching is, when CMake configures.
  set(fetched ${arg_SOURCES})
  list(FILTER fetched INCLUDE REGEX "^${PROJECT_SOURCE_DIR}/build/cache/")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${fetched})
  add_executable(${target} ${arg_SOURCES} ${glue}/glue.c)
  target_include_directories(${target} PRIVATE ${glue} ${PROJECT_SOURCE_DIR}/${arg_FOLDER} ${arg_LIBRARIES})
  target_compile_options(${target} PRIVATE ${TENON_WARNINGS} ${TENON_COMPONENT_FLAGS})
  link_instance(${target} ${name} ${arg_FPU} ${arg_HEAP})
  set_property(GLOBAL APPEND PROPERTY TENON_INSTANCES ${name})
endfunction()

# The libraries an instance asked for, in an order that static linking accepts, and its linker script.
function(link_instance target name fpu heap)
  target_link_libraries(${target} PRIVATE runtime)
  if(heap)
    use_newlib(newlib_heap)
    target_link_libraries(${target} PRIVATE newlib_heap)
  endif()
  if(fpu)
    use_newlib(newlib_fpu)
    target_link_libraries(${target} PRIVATE newlib_fpu)
  else()
    target_compile_options(${target} PRIVATE ${TENON_INTEGER_FLAGS})
    use_newlib(newlib)
    target_link_libraries(${target} PRIVATE newlib)
  endif()
  set(script ${TENON_GEN}/${name}/component.ld)
  target_link_options(${target} PRIVATE -Wl,--gc-sections -Wl,-z,noexecstack -Wl,-z,max-page-size=4096 -T ${script})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} LINK_DEPENDS ${script}
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/components)
endfunction()
