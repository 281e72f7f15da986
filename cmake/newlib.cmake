# The C library of components, compiled once for all products of an architecture (newlib/CMakeLists.txt says what is in it).
# SPDX-License-Identifier: BSD-2-Clause
#
# add_newlib() unpacks the sources, from Debian's package newlib-source, and adds `newlib_headers`.
# use_newlib(LIBRARY) adds newlib, newlib_fpu or newlib_heap, compiled if nobody did.
#
# Both live in build/cache. A compiled library's folder is named for a hash of all that it is made from, and appears in
# one rename when it is whole; so nothing in it changes, and what another compiler or source makes lies beside it.
cmake_path(SET TENON_ROOT NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/..)
cmake_path(GET TENON_ROOT PARENT_PATH TENON_ROOT)
set(NEWLIB_ARCHIVE /usr/src/newlib/newlib-3.3.0.tar.xz)
set(NEWLIB_CACHE ${TENON_ROOT}/build/cache/newlib-3.3.0-1) # counts up with what unpack_newlib changes

# What malloc gives must suit any type: 16 bytes on all our machines, where this allocator has 8.
function(align_malloc file)
  file(READ ${file} text)
  string(REPLACE "#define MALLOC_ALIGN (8U)" "#define MALLOC_ALIGN (16U)" aligned "${text}")
  if(aligned STREQUAL text)
    message(FATAL_ERROR "${file} is not as expected: MALLOC_ALIGN")
  endif()
  file(WRITE ${file} "${aligned}")
endfunction()

function(unpack_newlib)
  if(EXISTS ${NEWLIB_CACHE}/libc/include/stdio.h)
    return()
  endif()
  if(NOT EXISTS ${NEWLIB_ARCHIVE})
    message(FATAL_ERROR "${NEWLIB_ARCHIVE} is missing: install Debian's package newlib-source")
  endif()
  # Unpacked beside its place and renamed at the end, so that an interrupted run leaves nothing half done.
  string(RANDOM LENGTH 8 suffix)
  set(scratch ${NEWLIB_CACHE}.${suffix})
  file(ARCHIVE_EXTRACT INPUT ${NEWLIB_ARCHIVE} DESTINATION ${scratch}
       PATTERNS "*/newlib/libc/*" "*/newlib/libm/*" "*/COPYING.NEWLIB")
  file(GLOB inner ${scratch}/*/newlib)
  align_malloc(${inner}/libc/stdlib/nano-mallocr.c)
  file(REMOVE_RECURSE ${NEWLIB_CACHE})
  file(RENAME ${inner} ${NEWLIB_CACHE})
  file(REMOVE_RECURSE ${scratch})
endfunction()

# newlib_headers(): its headers and the compiler's own, in place of the host's.
function(newlib_headers)
  execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=include
                  OUTPUT_VARIABLE compiler_include OUTPUT_STRIP_TRAILING_WHITESPACE)
  add_library(newlib_headers INTERFACE)
  # The compiler's stand before newlib's, whose stdatomic.h is for other compilers. CMake leaves the compiler's own
  # folder out of include directories, so they are options.
  set(options -nostdinc)
  foreach(folder ${TENON_ROOT}/components/runtime/libc ${compiler_include} ${NEWLIB_CACHE}/libc/include)
    list(APPEND options "SHELL:-isystem '${folder}'")
  endforeach()
  target_compile_options(newlib_headers INTERFACE ${options})
endfunction()

function(add_newlib)
  file(LOCK ${NEWLIB_CACHE}.lock GUARD FUNCTION TIMEOUT 600)
  unpack_newlib()
  newlib_headers()
endfunction()

# newlib_key(OUT): the hash of what a library is made from: our sources, the compiler and the flags.
function(newlib_key out)
  file(GLOB own ${TENON_ROOT}/components/runtime/libc/* ${TENON_ROOT}/components/runtime/include/tenon/instance_heap.h)
  execute_process(COMMAND ${CMAKE_C_COMPILER} --version OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  string(APPEND text "${CMAKE_C_FLAGS} ${CMAKE_BUILD_TYPE}")
  foreach(file ${own} ${TENON_COMPILER_SOURCES} ${TENON_ROOT}/components/runtime/runtime.cmake ${CMAKE_TOOLCHAIN_FILE}
          ${TENON_ROOT}/cmake/newlib.cmake ${TENON_ROOT}/cmake/newlib/CMakeLists.txt)
    file(SHA256 ${file} hash)
    cmake_path(GET file FILENAME name)
    string(APPEND text " ${name} ${hash}")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  string(SHA256 key "${text}")
  string(SUBSTRING ${key} 0 16 key)
  set(${out} ${key} PARENT_SCOPE)
endfunction()

# compile_newlib(LIBRARY PLACE): the library and gcc's records of its stacks, in the folder PLACE.
function(compile_newlib library place)
  file(LOCK ${place}.lock GUARD FUNCTION TIMEOUT 600)
  if(EXISTS ${place})
    return()
  endif()
  message(STATUS "Compiling ${library} for ${TENON_ARCH}")
  file(REMOVE_RECURSE ${place}.part)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -S ${TENON_ROOT}/cmake/newlib -B ${place}.part -G Ninja
            -DCMAKE_TOOLCHAIN_FILE=${CMAKE_TOOLCHAIN_FILE} -DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}
            -DCMAKE_C_FLAGS=${CMAKE_C_FLAGS} -DNEWLIB_LIBRARY=${library}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${place}.part OUTPUT_VARIABLE output ERROR_VARIABLE output
                  RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${library} does not compile:\n${output}")
  endif()
  file(RENAME ${place}.part ${place})
endfunction()

# The builder finds the records of stacks through a link in the product's folder.
function(use_newlib library)
  if(TARGET ${library})
    return()
  endif()
  newlib_key(key)
  set(place ${TENON_ROOT}/build/cache/${library}-${TENON_ARCH}-${key})
  compile_newlib(${library} ${place})
  file(REMOVE ${CMAKE_BINARY_DIR}/${library})
  file(CREATE_LINK ${place} ${CMAKE_BINARY_DIR}/${library} SYMBOLIC)
  add_library(${library} STATIC IMPORTED GLOBAL)
  set_target_properties(${library} PROPERTIES IMPORTED_LOCATION ${place}/lib${library}.a)
  target_link_libraries(${library} INTERFACE newlib_headers)
endfunction()
