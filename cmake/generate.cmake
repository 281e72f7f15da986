# generate_product()
#
# Runs the builder on the chosen product. It writes into TENON_GEN: product.cmake (what to compile and
# link), run.json (how to start it) and inputs.txt (the files it read, one a line). It runs again when one
# of those, the builder itself or a template changed.
# The builder explains mistakes in the description itself; CMake only stops.
set(TENON_GEN ${CMAKE_BINARY_DIR}/gen)

function(generate_product)
  set(options --app ${TENON_APP} --board ${TENON_BOARD} --out ${TENON_GEN})
  if(TENON_VARIANT)
    list(APPEND options --variant ${TENON_VARIANT})
  endif()
  foreach(setting IN LISTS TENON_SET)
    list(APPEND options --set ${setting})
  endforeach()

  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env PYTHONPATH=${PROJECT_SOURCE_DIR}/tools
            ${Python3_EXECUTABLE} -sP -m builder generate ${options}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} RESULT_VARIABLE result)

  file(GLOB generator ${PROJECT_SOURCE_DIR}/tools/builder/*.py ${PROJECT_SOURCE_DIR}/templates/*.j2)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${generator})
  if(EXISTS ${TENON_GEN}/inputs.txt)
    file(STRINGS ${TENON_GEN}/inputs.txt inputs)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${inputs})
  endif()
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "product ${TENON_APP} for ${TENON_BOARD} was not generated")
  endif()
endfunction()
