#!/bin/sh
# make install into an empty folder whose name has a space; a program built by pkg-config and one by CMake; the Swift
# module; moving the whole installation; uninstalling without a trace.
# Usage: run.sh SCRATCH-FOLDER      (MAKE, CC, SWIFT and BUILD from the environment)
set -u
mkdir -p "$1"
scratch=$(cd "$1" && pwd)
make=${MAKE:-make} cc=${CC:-cc} cxx=${CXX:-c++} build=${BUILD:-.build}
passed=0 failed=0 skipped=0
rm -rf "$scratch/stage" "$scratch/in a place" "$scratch/moved here" "$scratch"/cmake*

result() { # result STATUS NAME
	if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "install: failed: $2" >&2; fi
}

have() { command -v "${1%% *}" >/dev/null 2>&1; }

skip() { # skip PART REASON
	echo "skipped: $1 ($2)"
	skipped=$((skipped + 1))
}

quiet() { # quiet COMMAND...
	"$@" >"$scratch/log" 2>&1 || { status=$?; cat "$scratch/log" >&2; return $status; }
}

stage="$scratch/in a place"
quiet "$make" install BUILD="$build" DESTDIR="$stage"
result $? 'make install'
(cd "$stage" && find . ! -type d | sort) >"$scratch/installed"
cat >"$scratch/expected" <<'LIST'
./usr/local/bin/gan
./usr/local/include/gan.h
./usr/local/include/gan.hpp
./usr/local/include/gan/module.modulemap
./usr/local/lib/cmake/gan/gan-config-version.cmake
./usr/local/lib/cmake/gan/gan-config.cmake
./usr/local/lib/libgan.so
./usr/local/lib/libgan.so.0
./usr/local/lib/libgan.so.0.2.0
./usr/local/lib/pkgconfig/gan.pc
./usr/local/share/bash-completion/completions/gan
./usr/local/share/fish/vendor_completions.d/gan.fish
./usr/local/share/gan/go/gan.go
./usr/local/share/gan/lua/gan.lua
./usr/local/share/gan/python/gan.py
./usr/local/share/gan/ruby/gan.rb
./usr/local/share/gan/rust/gan.rs
./usr/local/share/gan/swift/GAN.swift
./usr/local/share/man/man1/gan.1
./usr/local/share/zsh/site-functions/_gan
LIST
case " ${GAN_PLUGINS:-} " in *" frei0r "*) printf "%s\n" ./usr/local/lib/frei0r-1/gan.so ./usr/local/lib/frei0r-1/gan_apply.so >>"$scratch/expected" ;; esac
case " ${GAN_PLUGINS:-} " in *" sqlite "*) echo ./usr/local/lib/libgansqlite.so >>"$scratch/expected" ;; esac
# What belongs to the command, which may have been left out.
if [ -n "${GAN_LIBRARY_ONLY:-}" ]; then
	grep -v -e /bin/gan -e /share/bash -e /share/fish -e /share/man -e /share/zsh "$scratch/expected" >"$scratch/library" && mv "$scratch/library" "$scratch/expected"
fi
LC_ALL=C sort -o "$scratch/expected" "$scratch/expected"
LC_ALL=C sort -o "$scratch/installed" "$scratch/installed"
diff "$scratch/expected" "$scratch/installed" >&2
result $? 'the installed files'
[ "$(readlink "$stage/usr/local/lib/libgan.so")" = libgan.so.0 ] && [ "$(readlink "$stage/usr/local/lib/libgan.so.0")" = libgan.so.0.2.0 ]
result $? 'the links'
! grep -rn "$scratch" "$stage/usr/local/lib/pkgconfig" "$stage/usr/local/lib/cmake" >&2
result $? 'no path of this machine in the configuration files'

# Under sudo there often is no Swift: what was built is installed then.
quiet "$make" install BUILD="$build" DESTDIR="$scratch/without swift" SWIFT=no-such-swift && diff -r "$stage" "$scratch/without swift" >&2
result $? 'make install without Swift, after make'
rm -rf "$scratch/without swift"

# The stage is moved: nothing may depend on where it was.
mv "$stage" "$scratch/moved here"
stage="$scratch/moved here"
libraries="$stage/usr/local/lib"

if have pkg-config; then
	PKG_CONFIG_PATH="$libraries/pkgconfig"
	export PKG_CONFIG_PATH
	[ "$(pkg-config --modversion gan)" = 0.2.0 ]
	result $? 'pkg-config --modversion'
	eval "quiet $cc -std=c99 Tests/install/main.c -o '$scratch/consumer' $(pkg-config --cflags --libs gan)" &&
		LD_LIBRARY_PATH="$libraries" quiet "$scratch/consumer" "$scratch/consumer.safetensors"
	result $? 'a program built with pkg-config'
	if have "$cxx"; then
		eval "quiet $cxx -std=c++11 Tests/install/main.cpp -o '$scratch/consumer' $(pkg-config --cflags --libs gan)" &&
			LD_LIBRARY_PATH="$libraries" quiet "$scratch/consumer" "$scratch/consumer.safetensors"
		result $? 'a C++ program built with pkg-config'
	else
		skip 'a C++ program built with pkg-config' "no $cxx"
	fi
else
	skip 'programs built with pkg-config' 'no pkg-config'
fi

if ! have cmake; then
	skip 'programs built with CMake' 'no cmake'
elif ! have "$cxx"; then
	skip 'programs built with CMake' "no $cxx"
else
	mkdir "$scratch/cmake"
	(cd "$scratch/cmake" && quiet cmake -DCMAKE_PREFIX_PATH="$stage/usr/local" -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" "$OLDPWD/Tests/install" && quiet cmake --build .) &&
		LD_LIBRARY_PATH='' quiet "$scratch/cmake/consumer" "$scratch/consumer.safetensors" &&
		LD_LIBRARY_PATH='' quiet "$scratch/cmake/consumer++" "$scratch/consumer.safetensors"
	result $? 'a C and a C++ program built with CMake'
fi

printf 'import CGan\nprint(String(cString: gan_version_string()))\n' >"$scratch/main.swift"
swiftc=$(dirname "$(command -v "${SWIFT:-swift}")")/swiftc
if [ -x "$swiftc" ]; then
	quiet "$swiftc" "$scratch/main.swift" -I "$stage/usr/local/include/gan" -L "$libraries" -lgan -o "$scratch/swift-consumer" &&
		[ "$(LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" "$scratch/swift-consumer")" = 0.2.0 ]
	result $? 'a Swift program with the installed module map'
else
	skip 'a Swift program with the installed module map' 'no swiftc'
fi

quiet "$make" uninstall DESTDIR="$stage"
result $? 'make uninstall'
[ -z "$(find "$stage" -mindepth 1)" ]
result $? 'nothing is left'

# Other folders than the usual ones.
quiet "$make" install BUILD="$build" PREFIX="$scratch/stage" LIBDIR="$scratch/stage/lib/x86_64-linux-gnu" INCLUDEDIR="$scratch/stage/include/libgan" &&
	[ -f "$scratch/stage/include/libgan/gan.h" ] && [ -f "$scratch/stage/lib/x86_64-linux-gnu/libgan.so.0.2.0" ]
result $? 'make install with PREFIX, LIBDIR and INCLUDEDIR'
if have pkg-config; then
	PKG_CONFIG_PATH="$scratch/stage/lib/x86_64-linux-gnu/pkgconfig"
	export PKG_CONFIG_PATH
	eval "quiet $cc -std=c99 Tests/install/main.c -o '$scratch/consumer' $(pkg-config --cflags --libs gan)"
	result $? 'pkg-config finds them there'
else
	skip 'pkg-config in other folders' 'no pkg-config'
fi
quiet "$make" uninstall PREFIX="$scratch/stage" LIBDIR="$scratch/stage/lib/x86_64-linux-gnu" INCLUDEDIR="$scratch/stage/include/libgan" &&
	[ -z "$(find "$scratch/stage" ! -type d)" ]
result $? 'and make uninstall takes them away'

if [ "$skipped" -gt 0 ]; then echo "install: $passed passed, $failed failed, $skipped skipped"; else echo "install: $passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]
