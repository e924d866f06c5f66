# libgan for people who have GNU make. `make help` lists what there is.
#
# The library itself is built by the Swift package manager; everything here is about what stands around it: the C
# examples, the tests through the C contract, installing. Recipes are POSIX sh, and paths may hold spaces.

SWIFT ?= swift
STRIP ?= strip
# make's own defaults, cc and g++, do not count as chosen by the user.
ifeq ($(origin CC),default)
CC = cc
endif
ifeq ($(origin CXX),default)
CXX = c++
endif
CFLAGS ?= -O2
WARNINGS = -std=c99 -pedantic -Wall -Wextra

PREFIX = /usr/local
LIBDIR = $(PREFIX)/lib
INCLUDEDIR = $(PREFIX)/include
BINDIR = $(PREFIX)/bin
MANDIR = $(PREFIX)/share/man
DATADIR = $(PREFIX)/share
DESTDIR =

# Where the package manager builds, and where the rest goes.
BUILD = .build
OUT = $(BUILD)/c

VERSION := $(shell sed -n 's/^.define GAN_VERSION_STRING "\(.*\)"$$/\1/p' include/gan.h)
MAJOR := $(firstword $(subst ., ,$(VERSION)))
LIBRARY = $(OUT)/lib/libgan.so.$(VERSION)
SONAME = libgan.so.$(MAJOR)

EXAMPLES := $(basename $(notdir $(wildcard examples-c/*.c)))
PROGRAMS = $(EXAMPLES:%=$(OUT)/examples/%)
TESTS := $(basename $(notdir $(wildcard Tests/c/test-*.c)))
TEST_PROGRAMS = $(TESTS:%=$(OUT)/tests/%)

# The plugins are built where the header of their host is found, and Package.swift reads their names from the
# environment. `make GAN_PLUGINS=` leaves them out, as GAN_LIBRARY_ONLY does. (The preprocessor is asked for the header by
# an option and not by a line of text: what a # in make's $(shell) becomes depends on the version of make.)
COMPILER := $(shell command -v $(firstword $(CC)) || command -v clang || echo false)
has_header = $(shell $(COMPILER) -E -include $(1) -x c /dev/null >/dev/null 2>&1 && echo yes)
GAN_PLUGINS := $(strip $(if $(GAN_LIBRARY_ONLY),, \
	$(if $(call has_header,frei0r.h),frei0r) $(if $(call has_header,sqlite3ext.h),sqlite)))
export GAN_PLUGINS
FREI0R_PLUGIN = $(OUT)/frei0r-1/gan.so
FREI0R_FILTER = $(OUT)/frei0r-1/gan_apply.so
SQLITE_EXTENSION = $(OUT)/sqlite/libgansqlite.so
PLUGINS = $(if $(filter frei0r,$(GAN_PLUGINS)),$(FREI0R_PLUGIN) $(FREI0R_FILTER)) $(if $(filter sqlite,$(GAN_PLUGINS)),$(SQLITE_EXTENSION))

# The package manager would take CC from the environment, and it needs the compiler that came with it.
BUILDER = unset CC CXX; $(SWIFT)

# The programs find the library beside them, so that nothing need be installed to run them.
LINK = -L$(OUT)/lib -lgan -Wl,-rpath,'$$ORIGIN/../lib' -lpthread -lm -ldl

# The benchmark is a product of the package; the target is there when the program is.
BENCHMARK := $(wildcard Sources/Benchmark/*.swift)

# The command, and what a shell and man know of it. It needs another package, so GAN_LIBRARY_ONLY=1 leaves it out: in the
# environment, where Package.swift looks too, or as an argument of make.
ifneq ($(GAN_LIBRARY_ONLY),)
export GAN_LIBRARY_ONLY
COMMAND =
else
COMMAND = $(OUT)/bin/gan
endif
COMPLETIONS = $(OUT)/completions/gan.bash $(OUT)/completions/gan.zsh $(OUT)/completions/gan.fish

.PHONY: all
all: $(LIBRARY) $(if $(COMMAND),$(COMMAND) $(COMPLETIONS) $(OUT)/man/gan.1) $(PLUGINS)
	@$(if $(filter frei0r,$(GAN_PLUGINS))$(GAN_LIBRARY_ONLY),:,echo 'Left out: the frei0r plugin, for want of frei0r.h (Debian: frei0r-plugins-dev)')
	@$(if $(filter sqlite,$(GAN_PLUGINS))$(GAN_LIBRARY_ONLY),:,echo 'Left out: the SQLite extension, for want of sqlite3ext.h (Debian: libsqlite3-dev)')

.PHONY: help
help:
	@echo 'make             the library, $(BUILD)/release/libgan.so, the command, $(OUT)/bin/gan,'
	@echo '                 and the plugins for whose hosts there are headers'
	@echo 'make demo        trains 100 epochs on handwritten digits, into demo/'
	@echo 'make check       every test'
	@echo 'make check-long  every test, and those that take long'
	@echo 'make fuzz        attacks the library for SECONDS=60 (PART=calls|threads|files|kills|memory, SEED=n,'
	@echo '                 SANITIZE=address)'
	@echo 'make check-arm64 the kernels of arm64 alone, in an emulator'
	@echo 'make examples    the programs of examples-c, in $(OUT)/examples'
ifneq ($(BENCHMARK),)
	@echo 'make bench       how fast it is on this machine (BENCH=--help: its options)'
endif
	@echo 'make pictures    those of README.md, by the lines that stand beside them there'
	@echo 'make gallery     a picture of each recipe, in examples-c/gallery'
	@echo 'make compare     what each loss makes of each network, as a table (SEEDS="1 2 3", JOBS=2)'
	@echo 'make quality     what trainings on all of MNIST come to, by the measures of papers: hours'
	@echo 'make mnist       fetches all 60,000 digits into demo/mnist'
	@echo 'make requirements what a build needs besides Swift, installed where that may be done'
	@echo 'make install     into PREFIX ($(PREFIX)), LIBDIR, INCLUDEDIR, below DESTDIR'
	@echo 'make uninstall   takes away what install wrote'
	@echo 'make clean       takes away what was built; demo/ stays'
	@echo 'SWIFT, CC, CXX, CFLAGS, STRIP and BUILD may be set; GAN_LIBRARY_ONLY=1 leaves the command out;'
	@echo 'with GAN_INSTALL=no, demo and check install nothing of what they want.'

# ---------------------------------------------------------------------------------------------- Building

.PHONY: FORCE
FORCE:

# What a build and the tests need besides is listed in .ci/requirements, which installs it where that may be done without
# asking. `make` installs nothing: it says what is missing before the package manager does in words of its own. What is
# installed changes which plugins are built, so a make of its own goes on after it.
REQUIREMENTS = SWIFT='$(SWIFT)' CC='$(CC)' CXX='$(CXX)' sh .ci/requirements

.PHONY: tools requirements check-requirements
tools:
	@GAN_INSTALL=no $(REQUIREMENTS) build
requirements:
	@$(REQUIREMENTS) build
check-requirements:
	@$(REQUIREMENTS) check

# Only the package manager knows what a change of the sources means, so it is always asked, where it can be: under sudo
# there often is none, and make install then takes what make built. The copy without debugging information keeps its date
# when its contents are the same, and then nothing is linked anew.
ALWAYS := $(if $(shell command -v $(firstword $(SWIFT)) 2>/dev/null),FORCE)

$(LIBRARY): $(ALWAYS) $(if $(ALWAYS),| tools)
	$(BUILDER) build -c release --product gan --scratch-path $(BUILD)
	@mkdir -p $(OUT)/lib
	@cp $(BUILD)/release/libgan.so $(OUT)/lib/new.so
	@$(STRIP) --strip-unneeded $(OUT)/lib/new.so
	@if cmp -s $(OUT)/lib/new.so $@; then rm $(OUT)/lib/new.so; else mv $(OUT)/lib/new.so $@; fi
	@ln -sf libgan.so.$(VERSION) $(OUT)/lib/$(SONAME)
	@ln -sf $(SONAME) $(OUT)/lib/libgan.so

# After the library, because the package manager builds one thing at a time.
$(OUT)/bin/gan: $(ALWAYS) | $(LIBRARY)
	$(BUILDER) build -c release --product gan-command --scratch-path $(BUILD)
	@mkdir -p $(@D)
	@cp $(BUILD)/release/gan-command $@.new
	@$(STRIP) $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(OUT)/completions/gan.%: $(OUT)/bin/gan
	@mkdir -p $(@D)
	$(OUT)/bin/gan --generate-completion-script $* > $@.new
	@mv $@.new $@

$(OUT)/man/gan.1: Sources/gan/gan.1.in include/gan.h
	@mkdir -p $(@D)
	sed 's|@VERSION@|$(VERSION)|g' Sources/gan/gan.1.in > $@

# A plugin is one file, which its host's users may copy about.
define PLUGIN
	$(BUILDER) build -c release --product $(1) --scratch-path $(BUILD)
	@mkdir -p $(@D)
	@cp $(BUILD)/release/lib$(1).so $@.new
	@$(STRIP) --strip-unneeded $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
endef

$(FREI0R_PLUGIN): $(ALWAYS) | $(LIBRARY)
	$(call PLUGIN,ganfrei0r)

$(FREI0R_FILTER): $(ALWAYS) | $(LIBRARY)
	$(call PLUGIN,ganfrei0rapply)

$(SQLITE_EXTENSION): $(ALWAYS) | $(LIBRARY)
	$(call PLUGIN,gansqlite)

.PHONY: examples
examples: $(PROGRAMS)

$(OUT)/examples/%: examples-c/%.c include/gan.h $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(WARNINGS) -Iinclude $< -o $@ $(LINK)

.PHONY: test-programs
test-programs: $(TEST_PROGRAMS)

$(OUT)/tests/%: Tests/c/%.c $(wildcard Tests/c/*.h) include/gan.h $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -g $(WARNINGS) -Iinclude -ITests/c $< -o $@ $(LINK)

FREI0R_HOSTS = $(OUT)/frei0r/host $(OUT)/frei0r/filter

$(FREI0R_HOSTS): $(OUT)/frei0r/%: Tests/frei0r/%.c Tests/frei0r/plugin.h Tests/c/check.h include/gan.h $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -g $(WARNINGS) -Iinclude -ITests/c $< -o $@ $(LINK)

# How good what is trained is, by measures that papers use: for make check-long.
QUALITY = $(patsubst Tests/quality/%.c,$(OUT)/quality/%,$(wildcard Tests/quality/*.c))

$(OUT)/quality/%: Tests/quality/%.c Tests/c/check.h include/gan.h $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(WARNINGS) -Iinclude -ITests/c $< -o $@ $(LINK)

# This one loads the library itself.
$(OUT)/tests/test-loading: LINK = -Wl,-rpath,'$$ORIGIN/../lib' -lpthread -ldl

# The fuzzer, and the allocator that its part "memory" preloads. make fuzz SECONDS=600 PART=files; SEED=… repeats one case.
FUZZER = $(OUT)/fuzz/fuzz
INTERPOSER = $(OUT)/fuzz/libfailing.so
SECONDS = 60
FUZZ_SOURCES := $(filter-out Tests/fuzz/failing.c,$(wildcard Tests/fuzz/*.c))

$(FUZZER): $(FUZZ_SOURCES) $(wildcard Tests/fuzz/*.h) include/gan.h $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -g $(WARNINGS) -Iinclude $(FUZZ_SOURCES) -o $@ $(LINK) -lz

$(INTERPOSER): Tests/fuzz/failing.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(WARNINGS) -fno-builtin -fPIC -shared $< -o $@

# SANITIZE=address links the fuzzer with the compiler's AddressSanitizer, whose allocator the library then has: blocks that are written
# over, freed twice or lost are seen, also those of the library, whose own accesses are as they were compiled.
$(FUZZER)-address: $(FUZZ_SOURCES) $(wildcard Tests/fuzz/*.h) include/gan.h $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) -O1 -g -fsanitize=address $(WARNINGS) -Iinclude $(FUZZ_SOURCES) -o $@ $(LINK) -lz

.PHONY: fuzz
fuzz: $(FUZZER)$(SANITIZE:%=-%) $(INTERPOSER)
	@SANITIZED='$(SANITIZE)' SEED='$(SEED)' BASE='$(BASE)' sh Tests/fuzz/run.sh $(FUZZER)$(SANITIZE:%=-%) $(INTERPOSER) $(SECONDS) $(PART)

# ---------------------------------------------------------------------------------------------- The demo

# The defaults are the tutorial's, whose 100 epochs of 60,000 digits are 60,000 steps. The 10,000 digits here give 10,000,
# so the demo learns faster (Adam's rate and momentum) and its generator has a second hidden layer.
DEMO_SETTINGS = generator.hidden=256,256 generator.learning-rate=1e-3 discriminator.learning-rate=1e-3 \
	generator.beta1=0.5 discriminator.beta1=0.5

.PHONY: demo
demo: requirements
	@$(MAKE) --no-print-directory examples
	$(OUT)/examples/01-train examples-c/data demo $(DEMO_SETTINGS:%=--set %)
	@echo
	@echo 'Look at demo/samples/*.png: ten samples after the first and every tenth epoch.'
	@echo 'demo/digits.safetensors holds the trained networks. More from them:'
	@echo '    $(OUT)/examples/02-sample demo/digits.safetensors demo/grid.png'
	@echo '    $(OUT)/examples/05-interpolate demo/digits.safetensors demo/paths.png'

.PHONY: pictures
pictures: $(LIBRARY) $(COMMAND)
	@CC='$(CC)' sh Tests/c/readme.sh '$(OUT)/bin/gan' '$(OUT)/lib' '$(OUT)/scratch/pictures' --whole

# What papers measure, three seeds each: hours. PART=codes measures that alone, and make mnist fetches all digits.
DIGITS = demo/mnist
PART =
.PHONY: quality
quality: $(QUALITY)
	$(OUT)/quality/digits '$(DIGITS)' 3 1 $(PART)

# A picture of each recipe, in examples-c/gallery: some minutes each.
.PHONY: gallery
gallery: $(COMMAND)
	@sh Tests/c/gallery.sh '$(OUT)/bin/gan' '$(OUT)/scratch/gallery'

# What each loss makes of each network, as a table for README.md: half an hour on two idle processors, and what was found is kept.
.PHONY: compare
compare: $(COMMAND)
	@sh Tests/quality/compare.sh '$(OUT)/bin/gan' '$(OUT)/compare'

MNIST_FILES = train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz
MNIST_SOURCES = https://ossci-datasets.s3.amazonaws.com/mnist https://storage.googleapis.com/cvdf-datasets/mnist

.PHONY: mnist
mnist:
	@mkdir -p demo/mnist
	@fetch() { \
		if command -v curl >/dev/null 2>&1; then curl -fsSL --connect-timeout 10 -o "$$2" "$$1"; \
		elif command -v wget >/dev/null 2>&1; then wget -q -T 10 -t 1 -O "$$2" "$$1"; \
		else echo 'curl or wget is needed'; return 1; fi; \
	}; \
	for file in $(MNIST_FILES); do \
		if gzip -t demo/mnist/$$file 2>/dev/null; then continue; fi; \
		for source in $(MNIST_SOURCES); do \
			if fetch "$$source/$$file" demo/mnist/$$file.part && gzip -t demo/mnist/$$file.part 2>/dev/null; then \
				mv demo/mnist/$$file.part demo/mnist/$$file; echo "$$file"; break; \
			fi; \
		done; \
		rm -f demo/mnist/$$file.part; \
		if [ ! -f demo/mnist/$$file ]; then \
			echo "$$file could not be fetched. Without a network, put the four files of MNIST into demo/mnist by hand:"; \
			echo '    $(MNIST_FILES)'; \
			echo 'or train on the 10,000 digits that are here already: make demo'; \
			exit 1; \
		fi; \
	done
	@echo 'All 60,000 digits are in demo/mnist. To train on them:'
	@echo '    $(OUT)/examples/01-train demo/mnist demo/mnist-run'

# ------------------------------------------------------------------------------------------------- Tests

.PHONY: check check-long
check check-long: check-requirements
	@$(MAKE) --no-print-directory run-$@

.PHONY: run-check run-check-long
run-check-long: $(QUALITY)
run-check run-check-long: all $(PROGRAMS) $(TEST_PROGRAMS) $(FUZZER) $(INTERPOSER) $(if $(filter frei0r,$(GAN_PLUGINS)),$(FREI0R_HOSTS))
	@MAKE='$(MAKE)' SWIFT='$(SWIFT)' CC='$(CC)' CXX='$(CXX)' BUILD='$(BUILD)' OUT='$(OUT)' LENGTH='$(@:run-%=%)' sh Tests/c/run.sh

# A part of check that needs nothing else to be built.
.PHONY: check-arm64
check-arm64:
	@SWIFT='$(SWIFT)' sh Tests/arm64/run.sh '$(OUT)/scratch/arm64'

ifneq ($(BENCHMARK),)
# What a start costs is measured through a C program that is linked like any other.
# Options go into BENCH: make bench BENCH='--only step --seconds 2'
BENCH =
HOST = $(OUT)/bench/host

$(HOST): Sources/Benchmark/Host/host.c include/gan.h $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(WARNINGS) -Iinclude $< -o $@ $(LINK)

.PHONY: bench
bench: $(HOST)
	$(BUILDER) build -c release --product gan-benchmark --scratch-path $(BUILD)
	@echo
	@$(BUILD)/release/gan-benchmark --digits examples-c/data --library '$(LIBRARY)' --host '$(HOST)' $(BENCH)
endif

# --------------------------------------------------------------------------------------------- Installing

# The configuration files find the installation from their own place, so that it may be staged or moved: from a folder
# below PREFIX the way back up is as many ".." as the folder has parts. A folder elsewhere is written as it is.
define CONFIGURE
prefix='$(PREFIX)'; libdir='$(LIBDIR)'; includedir='$(INCLUDEDIR)'; \
up() { case $$1 in "$$prefix"/*) printf '%s' "$${1#"$$prefix"/}" | sed 's|[^/][^/]*|..|g';; esac; }; \
below() { case $$1 in "$$prefix"/*) printf '%s%s' "$$2" "$${1#"$$prefix"}";; *) printf '%s' "$$1";; esac; }; \
pc=$$(up "$$libdir/pkgconfig"); cmake=$$(up "$$libdir/cmake/gan"); \
configure() { \
	sed -e 's|@VERSION@|$(VERSION)|g' -e 's|@SOVERSION@|$(MAJOR)|g' -e 's|@MAJOR@|$(MAJOR)|g' \
		-e "s|@PREFIX@|$${pc:+\$${pcfiledir\}/}$${pc:-$$prefix}|g" -e "s|@UP@|$${cmake:-.}|g" \
		-e "s|@LIBDIR@|$$(below "$$libdir" "$$1")|g" -e "s|@INCLUDEDIR@|$$(below "$$includedir" "$$1")|g" \
		"Sources/libgan/$$2.in" > "$(DESTDIR)$$libdir/$$3/$$2"; \
}
endef

# A wrapper is one file, which programs copy or look for in share/gan/<language>.
BINDINGS = python/gan.py rust/gan.rs go/gan.go lua/gan.lua ruby/gan.rb swift/GAN.swift
BINDINGS_DIR = $(DATADIR)/gan

# frei0r's hosts look into frei0r-1. SQLite gives a name without a folder to the dynamic loader, which knows what lies
# beside other libraries: .load libgansqlite
.PHONY: install
install: $(LIBRARY) $(PLUGINS)
	install -d "$(DESTDIR)$(LIBDIR)/pkgconfig" "$(DESTDIR)$(LIBDIR)/cmake/gan" "$(DESTDIR)$(INCLUDEDIR)/gan"
	install -m 755 $(LIBRARY) "$(DESTDIR)$(LIBDIR)/libgan.so.$(VERSION)"
	ln -sf libgan.so.$(VERSION) "$(DESTDIR)$(LIBDIR)/$(SONAME)"
	ln -sf $(SONAME) "$(DESTDIR)$(LIBDIR)/libgan.so"
	install -m 644 include/gan.h include/gan.hpp "$(DESTDIR)$(INCLUDEDIR)"
	@set -e; for file in $(BINDINGS); do \
		install -d "$(DESTDIR)$(BINDINGS_DIR)/$${file%/*}"; \
		install -m 644 "Sources/Bindings/$$file" "$(DESTDIR)$(BINDINGS_DIR)/$$file"; \
	done
	@# In a folder of its own, because a folder can hold one module map only: swiftc -I .../include/gan
	sed 's|"gan.h"|"../gan.h"|' include/module.modulemap > "$(DESTDIR)$(INCLUDEDIR)/gan/module.modulemap"
	@$(CONFIGURE); set -e; \
	configure '$${prefix}' gan.pc pkgconfig; \
	if [ -n "$$cmake" ]; then from='$${_gan_prefix}'; else from=$$prefix; fi; \
	configure "$$from" gan-config.cmake cmake/gan; \
	configure "$$from" gan-config-version.cmake cmake/gan
	@$(if $(filter frei0r,$(GAN_PLUGINS)),install -d "$(DESTDIR)$(LIBDIR)/frei0r-1" && install -m 755 $(FREI0R_PLUGIN) $(FREI0R_FILTER) "$(DESTDIR)$(LIBDIR)/frei0r-1")
	@$(if $(filter sqlite,$(GAN_PLUGINS)),install -m 755 $(SQLITE_EXTENSION) "$(DESTDIR)$(LIBDIR)")
	@if [ -z "$(DESTDIR)" ] && [ "$$(id -u)" -eq 0 ]; then ldconfig 2>/dev/null || :; fi

.PHONY: uninstall
uninstall:
	rm -f "$(DESTDIR)$(LIBDIR)/libgan.so.$(VERSION)" "$(DESTDIR)$(LIBDIR)/$(SONAME)" "$(DESTDIR)$(LIBDIR)/libgan.so"
	rm -f "$(DESTDIR)$(INCLUDEDIR)/gan.h" "$(DESTDIR)$(INCLUDEDIR)/gan.hpp" "$(DESTDIR)$(INCLUDEDIR)/gan/module.modulemap"
	rm -f "$(DESTDIR)$(LIBDIR)/pkgconfig/gan.pc" "$(DESTDIR)$(LIBDIR)/cmake/gan/gan-config.cmake"
	rm -f "$(DESTDIR)$(LIBDIR)/cmake/gan/gan-config-version.cmake"
	rm -f "$(DESTDIR)$(LIBDIR)/frei0r-1/gan.so" "$(DESTDIR)$(LIBDIR)/frei0r-1/gan_apply.so" "$(DESTDIR)$(LIBDIR)/libgansqlite.so"
	@for file in $(BINDINGS); do \
		rm -f "$(DESTDIR)$(BINDINGS_DIR)/$$file"; rmdir "$(DESTDIR)$(BINDINGS_DIR)/$${file%/*}" 2>/dev/null || :; \
	done; rmdir "$(DESTDIR)$(BINDINGS_DIR)" 2>/dev/null || :
	@# Our own folders, and in a staging area those around them that are left empty.
	@rmdir "$(DESTDIR)$(INCLUDEDIR)/gan" "$(DESTDIR)$(LIBDIR)/cmake/gan" "$(DESTDIR)$(LIBDIR)/frei0r-1" 2>/dev/null || :
	@if [ -n "$(DESTDIR)" ] && [ -d "$(DESTDIR)" ]; then \
		find "$(DESTDIR)" -depth -mindepth 1 -type d -exec rmdir {} \; 2>/dev/null || :; \
	fi

# The command's part of both.
.PHONY: install-command uninstall-command
install: $(if $(COMMAND),install-command)
uninstall: uninstall-command

install-command: $(COMMAND) $(COMPLETIONS) $(OUT)/man/gan.1
	install -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(MANDIR)/man1" "$(DESTDIR)$(DATADIR)/bash-completion/completions"
	install -d "$(DESTDIR)$(DATADIR)/zsh/site-functions" "$(DESTDIR)$(DATADIR)/fish/vendor_completions.d"
	install -m 755 $(OUT)/bin/gan "$(DESTDIR)$(BINDIR)/gan"
	install -m 644 $(OUT)/man/gan.1 "$(DESTDIR)$(MANDIR)/man1/gan.1"
	install -m 644 $(OUT)/completions/gan.bash "$(DESTDIR)$(DATADIR)/bash-completion/completions/gan"
	install -m 644 $(OUT)/completions/gan.zsh "$(DESTDIR)$(DATADIR)/zsh/site-functions/_gan"
	install -m 644 $(OUT)/completions/gan.fish "$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/gan.fish"

uninstall-command:
	rm -f "$(DESTDIR)$(BINDIR)/gan" "$(DESTDIR)$(MANDIR)/man1/gan.1"
	rm -f "$(DESTDIR)$(DATADIR)/bash-completion/completions/gan" "$(DESTDIR)$(DATADIR)/zsh/site-functions/_gan"
	rm -f "$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/gan.fish"

.PHONY: clean
clean:
	rm -rf $(BUILD)
