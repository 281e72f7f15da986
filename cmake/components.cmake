# How components become programs. gen/product.cmake calls add_program once for each program.
# SPDX-License-Identifier: BSD-2-Clause
include(${CMAKE_CURRENT_LIST_DIR}/newlib.cmake)
include(${PROJECT_SOURCE_DIR}/components/runtime/runtime.cmake)

# Symbols for backtraces everywhere; names in them must not tell where the build stood.
add_compile_options(-g -ffile-prefix-map=${PROJECT_SOURCE_DIR}/= -ffile-prefix-map=${CMAKE_BINARY_DIR}=.)
set(TENON_WARNINGS -Wall -Wextra -Werror)

add_newlib()
add_runtime()

# add_program(NAME FOLDER folder SOURCES file... INSTANCES name... [LIBRARIES folder...] [FPU] [HEAP])
#
# Compiles a component's sources, those of its libraries and the glue in gen/NAME once, and links them for each
# instance to components/INSTANCE.elf, at the addresses in gen/INSTANCE/component.ld. File names are relative to the
# project.
function(add_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FPU;HEAP" "FOLDER" "SOURCES;INSTANCES;LIBRARIES")
  if(NOT arg_SOURCES OR NOT arg_INSTANCES)
    message(FATAL_ERROR "add_program(${name}): SOURCES or INSTANCES is empty")
  endif()

  set(target program_${name})
  set(glue ${TENON_GEN}/${name})
  list(TRANSFORM arg_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/)
  list(TRANSFORM arg_LIBRARIES PREPEND ${PROJECT_SOURCE_DIR}/)
  # Fetched sources that are gone are fetched again, as all fetching is, when CMake configures.
  set(fetched ${arg_SOURCES})
  list(FILTER fetched INCLUDE REGEX "^${PROJECT_SOURCE_DIR}/build/cache/")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${fetched})
  add_library(${target} OBJECT ${arg_SOURCES} ${glue}/glue.c)
  target_include_directories(${target} PRIVATE ${glue} ${PROJECT_SOURCE_DIR}/${arg_FOLDER} ${arg_LIBRARIES})
  target_compile_options(${target} PRIVATE ${TENON_WARNINGS} ${TENON_COMPONENT_FLAGS})
  target_link_libraries(${target} PUBLIC runtime)
  if(arg_HEAP)
    use_newlib(newlib_heap)
    target_link_libraries(${target} PUBLIC newlib_heap)
  endif()
  if(arg_FPU)
    use_newlib(newlib_fpu)
    target_link_libraries(${target} PUBLIC newlib_fpu)
  else()
    target_compile_options(${target} PRIVATE ${TENON_INTEGER_FLAGS})
    use_newlib(newlib)
    target_link_libraries(${target} PUBLIC newlib)
  endif()
  foreach(instance IN LISTS arg_INSTANCES)
    link_instance(${instance} ${target})
  endforeach()
endfunction()

# The linked program NAME, without symbols, as a file for a disk.
function(add_disk_file name file)
  add_custom_command(TARGET component_${name} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/programs
    COMMAND ${CMAKE_OBJCOPY} --strip-all ${CMAKE_BINARY_DIR}/components/${name}.elf ${CMAKE_BINARY_DIR}/${file}
    BYPRODUCTS ${CMAKE_BINARY_DIR}/${file} VERBATIM)
endfunction()

# The program at the addresses, and under the name, of one of its instances. The libraries come in the order that the
# program named them in, which static linking accepts.
function(link_instance name program)
  set(target component_${name})
  set(script ${TENON_GEN}/${name}/component.ld)
  add_executable(${target})
  target_link_libraries(${target} PRIVATE ${program})
  target_link_options(${target} PRIVATE -Wl,--gc-sections -Wl,-z,noexecstack -Wl,-z,max-page-size=4096 -T ${script})
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE C OUTPUT_NAME ${name} LINK_DEPENDS ${script}
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/components)
  set_property(GLOBAL APPEND PROPERTY TENON_INSTANCES ${name})
endfunction()
