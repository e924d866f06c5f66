#!/bin/sh
# libgan from other languages. The wrappers lie in Sources/Bindings, one file to copy into a project each. Here each language
# has a program, digits, that trains, stops, goes on, saves, loads, draws and fails with it. What they write must equal what
# C writes (reference.c), byte for byte. The short programs of the two READMEs run too, with one epoch, and must give the
# same checkpoint and picture. coverage.sh sees that every wrapper has every function of gan.h.
# A language that is not installed here is reported as skipped. All of it uses an installation, as a stranger would.
# Usage: run.sh SCRATCH-FOLDER [LANGUAGE...]      (MAKE, CC, CXX, SWIFT and BUILD from the environment)
set -u
top=$(pwd)
rm -rf "$1"
mkdir -p "$1/c" "$1/readme/c"
scratch=$(cd "$1" && pwd)
shift
passed=0 failed=0 skipped=0
here=$top/Tests/ffi bindings=$top/Sources/Bindings

result() { # result STATUS NAME
	if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "ffi: failed: $2" >&2; fi
}

quiet() { # quiet COMMAND...
	"$@" >"$scratch/log" 2>&1 || { status=$?; cat "$scratch/log" >&2; return $status; }
}

skip() { # skip LANGUAGE REASON
	echo "skipped: $1 ($2)"
	skipped=$((skipped + 1))
}

have() { command -v "$1" >/dev/null 2>&1; }

quiet "${MAKE:-make}" install BUILD="${BUILD:-.build}" DESTDIR="$scratch/stage"
result $? 'make install'
prefix=$scratch/stage/usr/local
LD_LIBRARY_PATH=$prefix/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
PKG_CONFIG_PATH=$prefix/lib/pkgconfig
export LD_LIBRARY_PATH PKG_CONFIG_PATH

# The short program of C in README.md, or of another language in that of the bindings, with one epoch instead of 20. It reads examples-c/data and writes
# digits.safetensors and grid.png.
readme() { # readme LANGUAGE FILE
	awk -v fence="\`\`\`$1" '$0 == fence { inside = 1; next } /^```/ && inside { exit } inside' "$([ "$1" = c ] && echo README.md || echo Sources/Bindings/README.md)" |
		sed -E '/[rR]un/s/\b20\b/1/' >"$2"
	[ -s "$2" ]
}

c() { # c SOURCE PROGRAM
	quiet ${CC:-cc} -O2 -std=c99 -Wall -Wextra -Werror -pedantic "$1" -I"$prefix/include" -L"$prefix/lib" -lgan -o "$2"
}

c "$here/reference.c" "$scratch/reference" && quiet "$scratch/reference" examples-c/data "$scratch/c"
result $? 'the reference, in C'
readme c "$scratch/readme/c/readme.c" && c "$scratch/readme/c/readme.c" "$scratch/readme/c/readme" &&
	(cd "$scratch/readme/c" && ln -s "$top/examples-c" . && quiet ./readme)
result $? 'the program in README.md, in C'

# A program takes seconds; one that hangs must not keep the others waiting.
limit=
have timeout && limit='timeout 300'

# A program of a language that counts its checks, "LANGUAGE: 3 passed, 0 failed" in its last line.
counted() { # counted LANGUAGE NAME COMMAND...
	language=$1 name=$2
	shift 2
	$limit "$@" >"$scratch/output" 2>&1
	status=$?
	cat "$scratch/output" # for the log
	line=$(tail -n 1 "$scratch/output" | sed -nE "s/^$language: ([0-9]+) passed, ([0-9]+) failed$/\1 \2/p")
	if [ -n "$line" ]; then passed=$((passed + ${line% *})) failed=$((failed + ${line#* })); fi
	[ -n "$line" ] && [ $status -eq 0 ]
	result $? "$language: $name ends well"
}

# Runs both programs of a language. COMMAND is what runs them, or nothing where they are executables already.
programs() { # programs LANGUAGE DIGITS README COMMAND...
	language=$1 digits=$2 short=$3
	shift 3
	mkdir -p "$scratch/$language" "$scratch/readme/$language"
	counted "$language" digits "$@" "$digits" examples-c/data "$scratch/$language"
	for file in "$scratch"/c/*; do
		cmp "$file" "$scratch/$language/$(basename "$file")"
		result $? "$language: $(basename "$file") equals that of C"
	done
	ln -sfn "$top/examples-c" "$scratch/readme/$language/examples-c"
	(cd "$scratch/readme/$language" && quiet "$@" "$short") &&
		cmp "$scratch/readme/c/digits.safetensors" "$scratch/readme/$language/digits.safetensors" &&
		cmp "$scratch/readme/c/grid.png" "$scratch/readme/$language/grid.png"
	result $? "$language: the program in README.md gives what the one in C gives"
}

# An installed wrapper finds the library that was installed with it, wherever that is.
found_beside() { # found_beside LANGUAGE COMMAND...
	language=$1
	shift
	version=$(env -u LD_LIBRARY_PATH PYTHONPATH="$prefix/share/gan/python" LUA_PATH="$prefix/share/gan/lua/?.lua;;" "$@" 2>"$scratch/log")
	[ "$version" = "$(sed -n 's/.*GAN_VERSION_STRING "\(.*\)"/\1/p' include/gan.h)" ]
	status=$?
	[ $status -eq 0 ] || cat "$scratch/log" >&2
	result $status "$language: the wrapper finds the library that was installed with it"
}

in_python() {
	have python3 || { skip python 'no python3'; return; }
	readme python "$scratch/readme.py"
	result $? 'python: README.md has a program'
	PYTHONPATH=$bindings/python PYTHONDONTWRITEBYTECODE=1
	export PYTHONPATH PYTHONDONTWRITEBYTECODE
	programs python "$here/python/digits.py" "$scratch/readme.py" python3
	# With NumPy, where it is there, and without; found by itself from where it was installed, and by LD_LIBRARY_PATH.
	counted python behaviour python3 "$here/python/behaviour.py" examples-c/data "$scratch/python/digits.safetensors" "$scratch/python"
	counted python 'behaviour without NumPy' python3 "$here/python/behaviour.py" --no-numpy examples-c/data "$scratch/python/digits.safetensors" "$scratch/python"
	found_beside python python3 -c 'import gan; print(gan.version())'
}

# gan.hpp is installed; its program is run as the oldest and as a new C++.
in_cpp() {
	cxx=${CXX:-c++}
	have "${cxx%% *}" || { skip cpp 'no C++ compiler'; return; }
	for dialect in c++17 c++20 c++11; do
		quiet ${CXX:-c++} -O1 -std=$dialect -Wall -Wextra -Wconversion -Werror -pedantic "$here/cpp/digits.cpp" -o "$scratch/digits-$dialect" \
			-I"$prefix/include" -L"$prefix/lib" -lgan
		result $? "cpp: digits compiles as $dialect"
	done
	quiet ${CXX:-c++} -O1 -std=c++11 -Wall -Wextra -Wconversion -Werror -pedantic "$here/cpp/behaviour.cpp" -o "$scratch/behaviour-cpp" -I"$prefix/include" -L"$prefix/lib" -lgan
	result $? 'cpp: behaviour compiles'
	readme cpp "$scratch/readme.cpp" && quiet ${CXX:-c++} -std=c++11 "$scratch/readme.cpp" -o "$scratch/readme-cpp" -I"$prefix/include" -L"$prefix/lib" -lgan
	result $? 'cpp: the program in README.md compiles'
	for dialect in c++11 c++20; do
		programs cpp "$scratch/digits-$dialect" "$scratch/readme-cpp" env
	done
	counted cpp behaviour "$scratch/behaviour-cpp" "$scratch/cpp/digits.safetensors" "$scratch/cpp"
}

in_rust() {
	have rustc || { skip rust 'no rustc'; return; }
	mkdir -p "$scratch/rust-source"
	cp "$bindings/rust/gan.rs" "$here"/rust/*.rs "$scratch/rust-source"
	readme rust "$scratch/rust-source/readme.rs"
	result $? 'rust: the README of the bindings has a program'
	quiet rustc --edition 2021 -O -D warnings "$scratch/rust-source/digits.rs" -L "$prefix/lib" -o "$scratch/digits-rust"
	result $? 'rust: digits compiles'
	# The others as every edition that this compiler knows, and as what it takes when it is told none.
	printf 'fn main() {}\n' >"$scratch/rust-source/empty.rs"
	for edition in 2024 2021 2018 2015; do
		rustc --edition $edition --emit metadata "$scratch/rust-source/empty.rs" -o "$scratch/empty.rmeta" >"$scratch/log" 2>&1 ||
			{ skip "rust $edition" 'this rustc does not know it'; continue; }
		quiet rustc --edition $edition -D warnings "$scratch/rust-source/readme.rs" -L "$prefix/lib" -o "$scratch/readme-rust"
		result $? "rust: the program in the README compiles as edition $edition"
		quiet rustc --edition $edition -D warnings "$scratch/rust-source/behaviour.rs" -L "$prefix/lib" -o "$scratch/behaviour-rust"
		result $? "rust: behaviour compiles as edition $edition"
	done
	# What gan.h does not allow between threads does not compile; what it allows does.
	for kind in 'Send gan::Options' 'Send gan::Dataset' 'Sync gan::Dataset' 'Send gan::Trainer' 'Send gan::Generator' \
		'Sync gan::Generator' 'Send gan::Sampler' 'Send gan::Applier' 'Sync gan::Canceller' \
		'not Sync gan::Options' 'not Sync gan::Trainer' 'not Sync gan::Sampler' 'not Sync gan::Applier'; do
		needed=${kind#not }
		printf 'mod gan;\nfn holds<T: %s>() {}\npub fn test() {\n    holds::<%s>()\n}\n' ${needed} >"$scratch/rust-source/threads.rs"
		rustc --edition 2021 --crate-type rlib --emit metadata "$scratch/rust-source/threads.rs" -o "$scratch/threads.rmeta" >"$scratch/log" 2>&1
		status=$?
		case $kind in
		not*) [ $status -ne 0 ] && grep -q 'E0277' "$scratch/log" ;;
		*) [ $status -eq 0 ] ;;
		esac
		result $? "rust: $kind"
	done
	programs rust "$scratch/digits-rust" "$scratch/readme-rust" env
	counted rust behaviour "$scratch/behaviour-rust" "$scratch/rust/digits.safetensors" "$scratch/rust"
}

in_go() {
	have go || { skip go 'no go'; return; }
	have pkg-config || { skip go 'no pkg-config'; return; }
	# No network, and a cache beside the other things that are built.
	case ${BUILD:-.build} in /*) GOCACHE=$BUILD/go-cache ;; *) GOCACHE=$top/${BUILD:-.build}/go-cache ;; esac
	GOPROXY=off GOTOOLCHAIN=local GOFLAGS=-buildvcs=false CGO_ENABLED=1
	export GOCACHE GOPROXY GOTOOLCHAIN GOFLAGS CGO_ENABLED
	# The go command splits what pkg-config says at spaces, so it reaches the installation by a path without any. It is the
	# same in every run: what is in the cache was linked against it.
	link=${TMPDIR:-/tmp}/gan-go-$(id -u)-$(printf %s "$prefix" | cksum | cut -d ' ' -f 1)
	rm -rf "$link" && mkdir "$link" && ln -s "$prefix" "$link/gan"
	PKG_CONFIG_PATH=$link/gan/lib/pkgconfig
	mkdir -p "$scratch/go-source/gan" && cp "$here"/go/* "$scratch/go-source" && cp "$bindings/go/gan.go" "$scratch/go-source/gan"
	(cd "$scratch/go-source" && quiet go build -o "$scratch/digits-go" . && quiet go vet ./... && quiet go test -c -o "$scratch/behaviour-go" .)
	result $? 'go: digits and behaviour compile'
	rm "$scratch/go-source/digits.go" "$scratch/go-source/behaviour_test.go" && readme go "$scratch/go-source/main.go" &&
		(cd "$scratch/go-source" && quiet go build -o "$scratch/readme-go" .)
	result $? 'go: the program in README.md compiles'
	rm -r "$link"
	PKG_CONFIG_PATH=$prefix/lib/pkgconfig
	programs go "$scratch/digits-go" "$scratch/readme-go" env
	GAN_CHECKPOINT=$scratch/go/digits.safetensors quiet "$scratch/behaviour-go"
	result $? 'go: behaviour'
}

in_lua() {
	have luajit || { skip lua 'no luajit'; return; }
	readme lua "$scratch/readme.lua"
	result $? 'lua: README.md has a program'
	LUA_PATH="$bindings/lua/?.lua;;"
	export LUA_PATH
	programs lua "$here/lua/digits.lua" "$scratch/readme.lua" luajit
	counted lua behaviour luajit "$here/lua/behaviour.lua" "$scratch/lua/digits.safetensors" "$scratch/lua" examples-c/data
	found_beside lua luajit -e 'print(require "gan".version())'
}

in_ruby() {
	have ruby || { skip ruby 'no ruby'; return; }
	ruby -e 'require "fiddle"' 2>/dev/null || { skip ruby 'it has no Fiddle'; return; }
	readme ruby "$scratch/readme.rb"
	result $? 'ruby: README.md has a program'
	programs ruby "$here/ruby/digits.rb" "$scratch/readme.rb" ruby -w "-I$bindings/ruby"
	counted ruby behaviour ruby -w "-I$bindings/ruby" "$here/ruby/behaviour.rb" "$scratch/ruby/digits.safetensors" "$scratch/ruby" examples-c/data
	found_beside ruby ruby "-I$prefix/share/gan/ruby" -e 'require "gan"; puts Gan.version'
}

# With the compiler of the package manager that built the library, and the module map that is installed.
in_swift() {
	swiftc=$(dirname "$(command -v "${SWIFT:-swift}")")/swiftc
	[ -x "$swiftc" ] || swiftc=$(command -v swiftc)
	[ -x "$swiftc" ] || { skip swift 'no swiftc'; return; }
	set -- -swift-version 6 -warnings-as-errors -module-cache-path "$scratch/modules" "$bindings/swift/GAN.swift" \
		-I "$prefix/include/gan" -L "$prefix/lib" -lgan
	quiet "$swiftc" "$@" -O -parse-as-library "$here/swift/digits.swift" -o "$scratch/digits-swift"
	result $? 'swift: digits compiles'
	mkdir -p "$scratch/swift-source"
	readme swift "$scratch/swift-source/main.swift" && quiet "$swiftc" "$@" "$scratch/swift-source/main.swift" -o "$scratch/readme-swift"
	result $? 'swift: the program in README.md compiles'
	quiet "$swiftc" "$@" -parse-as-library "$here/swift/behaviour.swift" -o "$scratch/behaviour-swift"
	result $? 'swift: behaviour compiles'
	programs swift "$scratch/digits-swift" "$scratch/readme-swift" env
	counted swift behaviour "$scratch/behaviour-swift" "$scratch/swift/digits.safetensors" "$scratch/swift"
}

sh "$here/coverage.sh" "$scratch/coverage" >"$scratch/output"
result $? "every wrapper has every function: $(tail -n 1 "$scratch/output")"

for language in ${*:-cpp python rust go lua ruby swift}; do
	started=$(date +%s)
	in_$language
	echo "$language took $(($(date +%s) - started)) s"
done

if [ "$skipped" -gt 0 ]; then echo "ffi: $passed passed, $failed failed, $skipped skipped"; else echo "ffi: $passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]
