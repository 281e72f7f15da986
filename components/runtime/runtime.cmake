# Flags of everything that is linked into a component, and the library that all of them link.
#
# -ffunction-sections lets the linker drop what an instance does not use; -fstack-usage and the call graph
# are what the stack check reads; frame pointers are what a panic's backtrace follows.
set(TENON_COMPONENT_FLAGS
    -O2 -ffunction-sections -fdata-sections -fno-omit-frame-pointer -fno-optimize-sibling-calls -fno-common
    -fstack-usage -fcallgraph-info=su,da)
set(TENON_INTEGER_FLAGS -mgeneral-regs-only)

# add_runtime(): the library `runtime`; what it needs to know of an instance is in that one's glue.c.
function(add_runtime)
  set(here ${PROJECT_SOURCE_DIR}/components/runtime)
  add_library(runtime STATIC
    ${here}/arch/${TENON_ARCH}/start.S ${here}/source/backlog.c ${here}/source/event_loop.c
    ${here}/source/log.c ${here}/source/panic.c ${here}/source/queue.c ${here}/source/start.c ${here}/source/stub.c)
  target_include_directories(runtime PUBLIC ${here}/include ${here}/arch/${TENON_ARCH}
                                            ${PROJECT_SOURCE_DIR}/kernel/include)
  target_compile_options(runtime PRIVATE -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes
                         $<$<COMPILE_LANGUAGE:C>:${TENON_COMPONENT_FLAGS};${TENON_INTEGER_FLAGS}>)
  target_link_libraries(runtime PUBLIC newlib_headers)
endfunction()
