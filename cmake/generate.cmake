# The builder, the product it works on, and the step that runs when CMake configures.
# SPDX-License-Identifier: BSD-2-Clause
set(TENON_GEN ${CMAKE_BINARY_DIR}/gen)
set(TENON_BUILDER ${CMAKE_COMMAND} -E env PYTHONPATH=${PROJECT_SOURCE_DIR}/tools ${Python3_EXECUTABLE} -sP -m builder)

set(TENON_PRODUCT --app ${TENON_APP} --board ${TENON_BOARD})
if(TENON_VARIANT)
  list(APPEND TENON_PRODUCT --variant ${TENON_VARIANT})
endif()
foreach(setting IN LISTS TENON_SET)
  list(APPEND TENON_PRODUCT --set ${setting})
endforeach()

# The builder itself and its templates, sorted: what they make is made again when they change.
file(GLOB TENON_BUILDER_FILES ${PROJECT_SOURCE_DIR}/tools/builder/*.py ${PROJECT_SOURCE_DIR}/tools/builder/errors/*.py
     ${PROJECT_SOURCE_DIR}/tools/builder/rules/*.py ${PROJECT_SOURCE_DIR}/templates/*.j2)
list(APPEND TENON_BUILDER_FILES ${PROJECT_SOURCE_DIR}/tools/builder/commands/generate.py
     ${PROJECT_SOURCE_DIR}/tools/builder/commands/pack.py)

# generate_product()
#
# Runs the builder on the chosen product. It writes into TENON_GEN: product.cmake (what to compile and
# link), run.json (how to start it) and inputs.txt (the files it read, one a line). It runs again when one
# of those, the builder itself or a template changed.
# The builder explains mistakes in the description itself; CMake only stops.
function(generate_product)
  execute_process(COMMAND ${TENON_BUILDER} generate ${TENON_PRODUCT} --out ${TENON_GEN}
                  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} RESULT_VARIABLE result)

  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${TENON_BUILDER_FILES})
  if(EXISTS ${TENON_GEN}/inputs.txt)
    file(STRINGS ${TENON_GEN}/inputs.txt inputs)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${inputs})
  endif()
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "product ${TENON_APP} for ${TENON_BOARD} was not generated")
  endif()
endfunction()
