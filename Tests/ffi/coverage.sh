#!/bin/sh
# Every wrapper has every function of gan.h. Those that write its declarations down (Python, Ruby, LuaJIT, Rust) must have them
# as gan.h has them, and name each once more, where they call it; those whose compiler reads gan.h must call each.
# Usage: coverage.sh SCRATCH-FOLDER, in the folder of the sources. The last line counts, as in the other tests.
set -u
scratch=$1 bindings=Sources/Bindings
mkdir -p "$scratch"
passed=0 failed=0

result() { # result STATUS NAME
	if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "coverage: failed: $2" >&2; fi
}

# A declaration a line, with single spaces: "int32_t gan_trainer_save(gan_trainer *trainer, const char *path)".
declarations() { # declarations <TEXT
	tr '\n' ' ' | sed 's/;/;\n/g' | sed -n -E 's/^(.*[^a-z_])?((int32_t|void|const char) \*?gan_[a-z_0-9]+\([^()]*\));$/\2/p' | sed -E 's/[[:space:]]+/ /g; s/^ //' | LC_ALL=C sort
}

grep -v '^ \*\|^/\*' include/gan.h | sed -n '/^GAN_API/,/;/p' | sed 's/GAN_API //' | declarations >"$scratch/gan.h"
sed -E 's/^[^(]*[ *](gan_[a-z_0-9]*)\(.*/\1/' "$scratch/gan.h" >"$scratch/names"
[ "$(wc -l <"$scratch/names")" -ge 70 ] && [ "$(wc -l <"$scratch/names")" -eq "$(grep -c '^GAN_API' include/gan.h)" ]
result $? 'the functions of gan.h are found'

# Rust's declarations, as C writes them.
from_rust() {
	sed -n '/^unsafe extern "C" {/,/^}/p' "$1" | tr -s '\n ' ' ' | sed 's/;/;\n/g' | awk '
	function c(type) {
		gsub(/^[[:space:]]+|[[:space:]]+$/, "", type)
		if (type == "Progress") return "gan_progress_fn "
		if (type == "Release") return "gan_release_fn "
		if (type == "Fill") return "gan_fill_fn "
		if (sub(/^\*mut \*mut /, "", type)) return type " **"
		if (sub(/^\*const \*const /, "", type)) return "const " name(type) " *const *"
		if (sub(/^\*const /, "", type)) return "const " name(type) " *"
		if (sub(/^\*mut /, "", type)) return name(type) " *"
		return name(type) " "
	}
	function name(type) {
		if (type == "c_char") return "char"
		if (type == "c_void") return "void"
		if (type == "usize") return "size_t"
		if (type == "f32") return "float"
		if (type == "f64") return "double"
		if (type ~ /^[iu][0-9]+$/) return (type ~ /^u/ ? "uint" : "int") substr(type, 2) "_t"
		return type
	}
	match($0, /fn gan_[a-z_0-9]+\(/) {
		function_name = substr($0, RSTART + 3, RLENGTH - 4)
		rest = substr($0, RSTART + RLENGTH)
		result = rest ~ /->/ ? rest : "-> void;"
		sub(/.*-> */, "", result); sub(/;.*/, "", result)
		sub(/\).*/, "", rest)
		count = split(rest, list, /,/); line = ""
		for (i = 1; i <= count; i++) {
			if (split(list[i], parts, /:/) != 2) continue
			gsub(/[[:space:]]/, "", parts[1])
			line = line (line == "" ? "" : ", ") c(parts[2]) parts[1]
		}
		print c(result) function_name "(" (line == "" ? "void" : line) ")"
	}' | LC_ALL=C sort
}

written_down() { # written_down LANGUAGE FILE DECLARATIONS
	diff "$scratch/gan.h" "$3" >"$scratch/difference"
	status=$?
	if [ $status -ne 0 ]; then echo "gan.h (<) and the declarations of $2 (>) differ:" >&2; cat "$scratch/difference" >&2; fi
	result $status "$1: the declarations are those of gan.h"
	used "$1" "$2" 2
}

used() { # used LANGUAGE FILE TIMES
	missing=
	while read -r function; do
		[ "$(grep -ow "$function" "$2" | wc -l)" -ge "$3" ] || missing="$missing $function"
	done <"$scratch/names"
	[ -z "$missing" ] || echo "$2 does not call:$missing" >&2
	[ -z "$missing" ]
	result $? "$1: every function is called"
}

for file in python/gan.py ruby/gan.rb lua/gan.lua; do
	language=${file%/*}
	declarations <"$bindings/$file" >"$scratch/$language"
	written_down "$language" "$bindings/$file" "$scratch/$language"
done
from_rust "$bindings/rust/gan.rs" >"$scratch/rust"
written_down rust "$bindings/rust/gan.rs" "$scratch/rust"
# Comments may name a function that nothing calls.
for file in include/gan.hpp "$bindings/go/gan.go" "$bindings/swift/GAN.swift"; do
	sed -E 's|^ *///?.*||; s|^ *\*.*||; s|^ */\*\*.*||' "$file" >"$scratch/code"
	case $file in *.hpp) language=cpp ;; *.go) language=go ;; *) language=swift ;; esac
	used "$language" "$scratch/code" 1
done

echo "coverage: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
