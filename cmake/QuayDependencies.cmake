# Every third-party library, found once, as an imported target. Which folder may include which: tests/lint/includes.toml.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
pkg_check_modules(ZeroMQ REQUIRED IMPORTED_TARGET libzmq>=4.3.4)
pkg_check_modules(Systemd REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(Udev REQUIRED IMPORTED_TARGET libudev)
pkg_check_modules(Usb REQUIRED IMPORTED_TARGET libusb-1.0)
pkg_check_modules(Seccomp REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(Pcsc REQUIRED IMPORTED_TARGET libpcsclite>=1.9)
pkg_check_modules(Gphoto2 REQUIRED IMPORTED_TARGET libgphoto2>=2.5.27)
pkg_check_modules(Leptonica REQUIRED IMPORTED_TARGET lept)
pkg_check_modules(Jpeg REQUIRED IMPORTED_TARGET libjpeg)
pkg_check_modules(Png REQUIRED IMPORTED_TARGET libpng)
pkg_check_modules(Tiff REQUIRED IMPORTED_TARGET libtiff-4)
pkg_check_modules(Heif REQUIRED IMPORTED_TARGET libheif)
pkg_check_modules(Webp REQUIRED IMPORTED_TARGET libwebp)
pkg_check_modules(Pangocairo REQUIRED IMPORTED_TARGET pangocairo>=1.50)
pkg_check_modules(Zxing REQUIRED IMPORTED_TARGET zxing>=1.4)
pkg_check_modules(Zbar REQUIRED IMPORTED_TARGET zbar)
pkg_check_modules(PopplerGlib REQUIRED IMPORTED_TARGET poppler-glib>=22.12)
pkg_check_modules(Qpdf REQUIRED IMPORTED_TARGET libqpdf)

find_package(ZLIB REQUIRED)

# Its pkg-config file names what only a static link needs. libgomp comes along: recognise/text.cpp keeps it to one thread.
find_library(QUAY_TESSERACT_LIBRARY tesseract REQUIRED)
find_library(QUAY_GOMP_LIBRARY NAMES libgomp.so.1 REQUIRED)
add_library(Tesseract::Tesseract UNKNOWN IMPORTED)
set_target_properties(Tesseract::Tesseract PROPERTIES IMPORTED_LOCATION "${QUAY_TESSERACT_LIBRARY}"
                                                      INTERFACE_LINK_LIBRARIES "${QUAY_GOMP_LIBRARY}")

# The archive, not the shared library: of all of dlib two small objects are taken, and none of what the rest would bring.
find_library(QUAY_DLIB_LIBRARY NAMES libdlib.a REQUIRED)
add_library(Dlib::Dlib STATIC IMPORTED)
set_target_properties(Dlib::Dlib PROPERTIES IMPORTED_LOCATION "${QUAY_DLIB_LIBRARY}")

# libsane ships no reliable pkg-config file on every Debian release.
find_library(QUAY_SANE_LIBRARY sane REQUIRED)
add_library(Sane::Sane UNKNOWN IMPORTED)
set_target_properties(Sane::Sane PROPERTIES IMPORTED_LOCATION "${QUAY_SANE_LIBRARY}")

# libcups ships no pkg-config file in Debian 12.
find_library(QUAY_CUPS_LIBRARY cups REQUIRED)
add_library(Cups::Cups UNKNOWN IMPORTED)
set_target_properties(Cups::Cups PROPERTIES IMPORTED_LOCATION "${QUAY_CUPS_LIBRARY}")
