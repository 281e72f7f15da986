# Flags of everything that is linked into a component, and the library that all of them link.
#
# -ffunction-sections lets the linker drop what an instance does not use; -fstack-usage and the call graph
# are what the stack check reads, which would say nothing of a function that is folded into an equal one; frame
# pointers are what a panic's backtrace follows.
set(TENON_COMPONENT_FLAGS
    -O2 -ffunction-sections -fdata-sections -fno-omit-frame-pointer -fno-optimize-sibling-calls -fno-ipa-icf -fno-common
    -fstack-usage -fcallgraph-info=su,da)

set(RUNTIME_SOURCES backlog.c event_loop.c fault.c log.c panic.c persistent.c queue.c start.c stub.c)

# add_runtime(): the library `runtime`; what it needs to know of an instance is in that one's glue.c.
function(add_runtime)
  set(here ${PROJECT_SOURCE_DIR}/components/runtime)
  list(TRANSFORM RUNTIME_SOURCES PREPEND ${here}/source/ OUTPUT_VARIABLE sources)
  add_library(runtime STATIC ${here}/arch/${TENON_ARCH}/start.S ${sources})
  target_include_directories(runtime PUBLIC ${here}/include ${here}/arch/${TENON_ARCH}
                                            ${PROJECT_SOURCE_DIR}/kernel/include)
  target_compile_options(runtime PRIVATE -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes
                         $<$<COMPILE_LANGUAGE:C>:${TENON_COMPONENT_FLAGS};${TENON_INTEGER_FLAGS}>)
  target_link_libraries(runtime PUBLIC newlib_headers)
endfunction()
