# The C library of components: parts of newlib, from the source in Debian's package newlib-source.
#
# add_newlib()
#
# Makes three libraries, all compiled with our flags so that the stack check sees every function:
#   newlib       string, ctype, strto*, qsort, integer printf into memory; general registers only
#   newlib_fpu   for instances with `fpu: true`: the same, floating point in printf and strtod, mathematics
#   newlib_heap  malloc and friends over the instance's `heap:`; only instances that have one link it
#
# There is no stdio beyond snprintf's family: a component writes to its log or to an interface.
# The source is unpacked once for all products, into build/cache.
set(NEWLIB_ARCHIVE /usr/src/newlib/newlib-3.3.0.tar.xz)
set(NEWLIB_CACHE ${PROJECT_SOURCE_DIR}/build/cache/newlib-3.3.0-1) # counts up with what unpack_newlib changes

set(NEWLIB_SOURCES
    ctype/ctype_.c ctype/isalnum.c ctype/isalpha.c ctype/isascii.c ctype/isblank.c ctype/iscntrl.c ctype/isdigit.c
    ctype/islower.c ctype/isprint.c ctype/ispunct.c ctype/isspace.c ctype/isupper.c
    ctype/isxdigit.c ctype/toascii.c ctype/tolower.c ctype/toupper.c
    errno/errno.c
    misc/ffs.c
    reent/impure.c
    search/bsearch.c
    stdio/sniprintf.c stdio/snprintf.c stdio/sprintf.c stdio/vsniprintf.c stdio/vsnprintf.c stdio/vsprintf.c
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

# More for `fpu: true`: reading and printing of floating point, and the mathematics of double and float.
set(NEWLIB_FLOAT_SOURCES
    libc/stdlib/atof.c libc/stdlib/dtoa.c libc/stdlib/gdtoa-gethex.c libc/stdlib/gdtoa-hexnan.c libc/stdlib/mprec.c
    libc/stdlib/strtod.c)
set(NEWLIB_MATH_COMMON
    exp exp2 exp_data log log2 log2_data log_data math_err math_errf pow pow_log_data s_cbrt s_copysign s_expm1 s_fdim
    s_finite s_fma s_fmax s_fmin s_fpclassify s_ilogb s_infinity s_isinf s_isinfd s_isnan s_isnand s_lib_ver s_llrint
    s_llround s_log1p s_logb s_lrint s_lround s_modf s_nan s_nearbyint s_nextafter s_remquo s_rint s_round s_scalbn
    s_signbit s_trunc cosf sf_cbrt sf_copysign sf_exp sf_exp2 sf_exp2_data sf_expm1 sf_fdim sf_finite sf_fmax sf_fmin
    sf_fpclassify sf_infinity sf_isinf sf_isnan sf_log sf_log1p sf_log2 sf_log2_data sf_log_data sf_lrint sf_lround
    sf_modf sf_nan sf_pow sf_pow_log2_data sf_rint sf_round sf_scalbn sf_trunc sincosf sincosf_data sinf)
set(NEWLIB_MATH
    e_acos e_acosh e_asin e_atan2 e_atanh e_cosh e_fmod e_hypot e_log10 e_rem_pio2 e_remainder e_sinh e_sqrt ef_acos
    ef_asin ef_atan2 ef_cosh ef_fmod ef_hypot ef_log10 ef_rem_pio2 ef_sinh ef_sqrt k_cos k_rem_pio2 k_sin k_standard
    k_tan kf_cos kf_rem_pio2 kf_sin kf_tan s_asinh s_atan s_ceil s_cos s_fabs s_floor s_frexp s_ldexp s_sin s_tan
    s_tanh sf_atan sf_ceil sf_fabs sf_floor sf_frexp sf_ldexp sf_tan sf_tanh w_acos w_acosh w_asin w_atan2 w_atanh
    w_cosh w_exp w_exp2 w_fmod w_hypot w_log w_log10 w_pow w_remainder w_sinh w_sqrt wf_acos wf_asin wf_atan2 wf_cosh
    wf_exp wf_exp2 wf_fmod wf_hypot wf_log wf_log10 wf_log2 wf_pow wf_sinh wf_sqrt)
list(TRANSFORM NEWLIB_MATH_COMMON REPLACE "(.+)" "libm/common/\\1.c")
list(TRANSFORM NEWLIB_MATH REPLACE "(.+)" "libm/math/\\1.c")

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
  foreach(folder ${PROJECT_SOURCE_DIR}/components/runtime/libc ${compiler_include} ${NEWLIB_CACHE}/libc/include)
    list(APPEND options "SHELL:-isystem '${folder}'")
  endforeach()
  target_compile_options(newlib_headers INTERFACE ${options})
endfunction()

# newlib_library(NAME SOURCES file... [OWN file...] [FLAGS flag...])
#
# A static library of newlib's files and OWN ones of components/runtime/libc, which include newlib's.
# A libc must not be compiled into calls of itself, hence -fno-builtin and no loop patterns.
function(newlib_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;OWN;FLAGS")
  list(TRANSFORM arg_SOURCES PREPEND ${NEWLIB_CACHE}/)
  list(TRANSFORM arg_OWN PREPEND ${PROJECT_SOURCE_DIR}/components/runtime/libc/)
  add_library(${name} STATIC EXCLUDE_FROM_ALL ${arg_SOURCES} ${arg_OWN} ${TENON_COMPILER_SOURCES})
  target_include_directories(${name} PRIVATE
    ${NEWLIB_CACHE}/libc/stdio ${NEWLIB_CACHE}/libc/stdlib ${NEWLIB_CACHE}/libc/locale ${NEWLIB_CACHE}/libm/common
    ${PROJECT_SOURCE_DIR}/components/runtime/include)
  target_compile_options(${name} PRIVATE -std=gnu11 -w -fno-builtin -fno-tree-loop-distribute-patterns
                                         ${TENON_COMPONENT_FLAGS} ${arg_FLAGS})
  target_link_libraries(${name} PUBLIC newlib_headers)
endfunction()

function(add_newlib)
  unpack_newlib()
  newlib_headers()

  list(TRANSFORM NEWLIB_SOURCES PREPEND libc/ OUTPUT_VARIABLE common)
  # snprintf and its family call the integer core, the only one there is without `fpu: true`.
  newlib_library(newlib SOURCES ${common} OWN binding.c printf_core.c qsort.c
                 FLAGS ${TENON_INTEGER_FLAGS} -D_svfprintf_r=_svfiprintf_r)
  newlib_library(newlib_heap SOURCES OWN malloc.c heap.c FLAGS ${TENON_INTEGER_FLAGS})
  newlib_library(newlib_fpu SOURCES ${common} ${NEWLIB_FLOAT_SOURCES} ${NEWLIB_MATH_COMMON} ${NEWLIB_MATH}
                 OWN binding.c locale.c qsort.c printf_core.c printf_float_core.c reentrant_heap.c malloc.c heap.c
                 FLAGS -D__OBSOLETE_MATH=0) # the mathematics listed above, on every architecture
endfunction()
