# The short front; Meson does the building (meson.build).

MESON   = meson
NINJA   = ninja
PREFIX ?= /usr/local

.PHONY: all run check check-long bench sanitize fuzz format install clean setup

all: setup build/release/build.ninja
	@$(NINJA) -C build/release src/cmd/tocsin
	@ln -sf release/src/cmd/tocsin build/tocsin

setup:
	@tools/setup run

# Builds, makes a practice installation in var/ on first use, and serves it.
run: all
	@tools/run

check:
	@tools/setup check
	@tools/run-tests

# check, then random kills, the soak and everything once more under the sanitizers.
check-long:
	@tools/setup long
	@tools/run-tests long

bench:
	@tools/setup bench
	@$(MAKE) --no-print-directory all
	@bench/run

# The tests under the address and undefined-behaviour sanitizers.
sanitize:
	@tools/setup long
	@tools/run-tests sanitize

# FUZZ_SECONDS for each parser.
fuzz:
	@tools/setup long
	@tools/fuzz $(or $(FUZZ_SECONDS),60)

format:
	@tools/setup check
	@tools/check-format --fix

install: all
	@$(MESON) configure build/release --prefix=$(PREFIX)
	@$(NINJA) -C build/release
	@$(MESON) install -C build/release

clean:
	rm -rf build

build/release/build.ninja:
	@mkdir -p build
	@$(MESON) setup build/release --prefix=$(PREFIX) -Dtests=false >build/release.log || \
		{ cat build/release.log; exit 1; }
