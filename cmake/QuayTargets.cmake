# How every target of quay is compiled: C++20, warnings are errors, one include root, sanitizers by preset.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(QUAY_LIBEXEC_DIR "${CMAKE_INSTALL_FULL_LIBEXECDIR}/quay")
set(QUAY_SANITIZE "" CACHE STRING "Sanitizers for every target, for example address,undefined")

find_program(QUAY_CCACHE ccache)
if(QUAY_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${QUAY_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${QUAY_CCACHE}")
endif()

add_library(quay_options INTERFACE)
target_include_directories(quay_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(quay_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
                                              -Werror -fno-omit-frame-pointer)
# Debian's hardening, and a crash instead of undefined behaviour past the end of a container.
target_compile_definitions(quay_options INTERFACE _GLIBCXX_ASSERTIONS)
define_property(TARGET PROPERTY QUAY_UNOPTIMISED BRIEF_DOCS "Compiled without optimisation, whatever the build type")
if(CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo")
  target_compile_options(quay_options INTERFACE -fstack-protector-strong
    "$<IF:$<BOOL:$<TARGET_PROPERTY:QUAY_UNOPTIMISED>>,-O0,-D_FORTIFY_SOURCE=2>")
  target_link_options(quay_options INTERFACE -Wl,-z,relro,-z,now)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_link_options(quay_options INTERFACE -fuse-ld=lld)
endif()
if(QUAY_SANITIZE)
  target_compile_options(quay_options INTERFACE "-fsanitize=${QUAY_SANITIZE}" -fno-sanitize-recover=all)
  target_link_options(quay_options INTERFACE "-fsanitize=${QUAY_SANITIZE}")
endif()

# quay_library(NAME SOURCES... [LINK libs...])   a static library of one folder, target quay_NAME
function(quay_library name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;LINK;PRIVATE_LINK")
  add_library(quay_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(quay_${name} PUBLIC quay_options ${ARG_LINK} PRIVATE ${ARG_PRIVATE_LINK})
endfunction()

# quay_program(NAME SOURCES... [LINK libs...] [DESTINATION dir])   a program, installed when DESTINATION is given
function(quay_program name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "DESTINATION" "SOURCES;LINK")
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE quay_options ${ARG_LINK})
  if(ARG_DESTINATION)
    install(TARGETS ${name} RUNTIME DESTINATION "${ARG_DESTINATION}")
  endif()
endfunction()

# quay_test(NAME SOURCES... [LINK libs...] [LABELS labels...])   one GoogleTest binary; each TEST becomes a ctest test
# What it tests is optimised as it ships; the tests themselves are not (a third of the time to compile), unless they
# compute on pixels: OPTIMISED.
function(quay_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "OPTIMISED" "TIMEOUT" "SOURCES;LINK;LABELS;ENVIRONMENT")
  add_executable(${name} ${ARG_SOURCES})
  if(NOT ARG_OPTIMISED)
    set_target_properties(${name} PROPERTIES QUAY_UNOPTIMISED ON)
  endif()
  target_link_libraries(${name} PRIVATE quay_options ${ARG_LINK} GTest::gmock GTest::gtest_main)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST
                       PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT "${ARG_ENVIRONMENT}")
endfunction()
