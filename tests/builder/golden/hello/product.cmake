# Generated from apps/hello/system.yaml:3. What the build compiles and links for this product.
# SPDX-License-Identifier: BSD-2-Clause

# apps/hello/system.yaml:8
add_program(asker
  FOLDER apps/hello/components/asker
  SOURCES
    apps/hello/components/asker/asker.c
  INSTANCES
    asker
)

# apps/hello/system.yaml:7
add_program(greeter
  FOLDER apps/hello/components/greeter
  SOURCES
    apps/hello/components/greeter/greeter.c
  INSTANCES
    greeter
)

add_image(UART pl011)
