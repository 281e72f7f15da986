# The C library of components: parts of newlib, from the source in Debian's package newlib-source.
#
# add_newlib()
#
# Makes three libraries, all compiled with our flags so that the stack check sees every function:
#   newlib       string, ctype, strto*, qsort, integer printf into memory; general registers only
#   newlib_fpu   the same for instances with `fpu: true`
#   newlib_heap  malloc and friends over the instance's `heap:`; only instances that have one link it
#
# There is no stdio beyond snprintf's family: a component writes to its log or to an interface.
# The source is unpacked once for all products, into build/cache.
set(NEWLIB_ARCHIVE /usr/src/newlib/newlib-3.3.0.tar.xz)
set(NEWLIB_CACHE ${PROJECT_SOURCE_DIR}/build/cache/newlib-3.3.0)

set(NEWLIB_SOURCES
    ctype/ctype_.c ctype/isalnum.c ctype/isalpha.c ctype/isascii.c ctype/isblank.c ctype/iscntrl.c ctype/isdigit.c
    ctype/islower.c ctype/isprint.c ctype/ispunct.c ctype/isspace.c ctype/isupper.c
    ctype/isxdigit.c ctype/toascii.c ctype/tolower.c ctype/toupper.c
    errno/errno.c
    misc/ffs.c
    reent/impure.c
    search/bsearch.c search/qsort.c
    stdio/snprintf.c stdio/sprintf.c stdio/vfprintf.c stdio/vsnprintf.c stdio/vsprintf.c
    stdlib/abs.c stdlib/atoi.c stdlib/atol.c stdlib/atoll.c stdlib/div.c stdlib/imaxabs.c stdlib/imaxdiv.c
    stdlib/itoa.c stdlib/labs.c stdlib/ldiv.c stdlib/llabs.c stdlib/lldiv.c stdlib/rand_r.c stdlib/strtoimax.c
    stdlib/strtol.c stdlib/strtoll.c stdlib/strtoll_r.c stdlib/strtoul.c stdlib/strtoull.c stdlib/strtoull_r.c
    stdlib/strtoumax.c stdlib/utoa.c
    string/bcmp.c string/bcopy.c string/bzero.c string/explicit_bzero.c string/ffsl.c string/ffsll.c string/fls.c
    string/flsl.c string/flsll.c string/memccpy.c string/memchr.c string/memcmp.c string/memcpy.c string/memmem.c
    string/memmove.c string/mempcpy.c string/memrchr.c string/memset.c string/rawmemchr.c string/stpcpy.c
    string/stpncpy.c string/strcasecmp.c string/strcat.c string/strchr.c string/strchrnul.c string/strcmp.c
    string/strcpy.c string/strcspn.c string/strlcat.c string/strlcpy.c string/strlen.c string/strncasecmp.c
    string/strncat.c string/strncmp.c string/strncpy.c string/strnlen.c string/strnstr.c string/strpbrk.c
    string/strrchr.c string/strsep.c string/strspn.c string/strstr.c string/strtok.c string/strtok_r.c string/swab.c
    string/timingsafe_bcmp.c string/timingsafe_memcmp.c)

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
  foreach(folder ${PROJECT_SOURCE_DIR}/components/runtime/libc ${compiler_include} ${NEWLIB_CACHE}/libc/include)
    list(APPEND options "SHELL:-isystem '${folder}'")
  endforeach()
  target_compile_options(newlib_headers INTERFACE ${options})
endfunction()

# newlib_library(NAME FLAGS flag...): the sources above, as a static library.
# A libc must not be compiled into calls of itself, hence -fno-builtin and no loop patterns.
function(newlib_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FLAGS;SOURCES")
  list(TRANSFORM arg_SOURCES PREPEND ${NEWLIB_CACHE}/libc/)
  add_library(${name} STATIC EXCLUDE_FROM_ALL ${arg_SOURCES} ${PROJECT_SOURCE_DIR}/components/runtime/libc/binding.c)
  target_include_directories(${name} PRIVATE ${NEWLIB_CACHE}/libc/stdio ${NEWLIB_CACHE}/libc/stdlib)
  target_compile_options(${name} PRIVATE -std=gnu11 -w -fno-builtin -fno-tree-loop-distribute-patterns ${arg_FLAGS})
  target_link_libraries(${name} PUBLIC newlib_headers)
endfunction()

function(add_newlib)
  unpack_newlib()
  newlib_headers()

  newlib_library(newlib SOURCES ${NEWLIB_SOURCES} FLAGS ${TENON_COMPONENT_FLAGS} ${TENON_INTEGER_FLAGS})
  newlib_library(newlib_fpu SOURCES ${NEWLIB_SOURCES} FLAGS ${TENON_COMPONENT_FLAGS})

  # printf without floating point, under its usual names and without an allocator (see libc/binding.c).
  set_source_files_properties(
    ${NEWLIB_CACHE}/libc/stdio/snprintf.c ${NEWLIB_CACHE}/libc/stdio/sprintf.c
    ${NEWLIB_CACHE}/libc/stdio/vsnprintf.c ${NEWLIB_CACHE}/libc/stdio/vsprintf.c
    PROPERTIES COMPILE_DEFINITIONS _svfprintf_r=_svfiprintf_r)
  set_source_files_properties(
    ${NEWLIB_CACHE}/libc/stdio/vfprintf.c PROPERTIES COMPILE_DEFINITIONS
    "INTEGER_ONLY;STRING_ONLY;_malloc_r=printf_malloc_r;_realloc_r=printf_realloc_r;_free_r=printf_free_r")

  add_library(newlib_heap STATIC EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/components/runtime/libc/malloc.c
                                 ${PROJECT_SOURCE_DIR}/components/runtime/libc/heap.c)
  target_include_directories(newlib_heap PRIVATE ${NEWLIB_CACHE}/libc/stdlib
                                                 ${PROJECT_SOURCE_DIR}/components/runtime/include)
  target_compile_options(newlib_heap PRIVATE -std=gnu11 -w -fno-builtin ${TENON_COMPONENT_FLAGS}
                                             ${TENON_INTEGER_FLAGS})
  target_link_libraries(newlib_heap PUBLIC newlib_headers)
endfunction()
