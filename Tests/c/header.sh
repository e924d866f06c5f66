#!/bin/sh
# The header alone: it compiles by itself in every dialect that hosts use, without a warning, and in two files of one
# program; every function of it is exported, nothing else is, and every one is called by some C test.
# Usage: header.sh FOLDER-OF-LIBRARY SCRATCH-FOLDER      (CC and CXX from the environment)
set -u
lib=$1 scratch=$2
passed=0 failed=0 skipped=0
mkdir -p "$scratch"

result() { # result STATUS NAME
	if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "header: failed: $2" >&2; fi
}

compile() { # compile NAME PROGRAM COMPILER FLAGS...
	name=$1 program=$2
	shift 2
	# Not through a pipe: its right side is a shell of its own, and what that counts is lost.
	printf '%s\n' "$program" >"$scratch/program"
	"$@" -c - -o "$scratch/header.o" <"$scratch/program" >"$scratch/header.log" 2>&1
	status=$?
	[ $status -eq 0 ] || cat "$scratch/header.log" >&2
	result $status "$name"
}

have() { # have COMPILER LANGUAGE
	command -v "${1%% *}" >/dev/null 2>&1 && return
	echo "skipped: gan.h in $2 by ${1%% *} (it is not here)"
	skipped=$((skipped + 1))
	return 1
}

# The user's compiler, and the one that comes with Swift.
strict='-Wall -Wextra -Wconversion -Wshadow -Wundef -Werror -pedantic-errors -Iinclude'
use='#include "gan.h"
#include "gan.h"
int32_t (*use)(gan_options **);
void f(void);
void f(void) { use = gan_options_create; }'
for compiler in "${CC:-cc}" clang; do
	have "$compiler" C || continue
	for dialect in c99 c11 c17; do
		compile "gan.h as $dialect, $compiler" "$use" $compiler -x c -std=$dialect -Wstrict-prototypes $strict
	done
done
# Two files of one program include gan.hpp: nothing in it may be defined twice.
for compiler in "${CXX:-c++}" clang++; do
	have "$compiler" C++ || continue
	for dialect in c++11 c++14 c++17 c++20; do
		compile "gan.h as $dialect, $compiler" "$use" $compiler -x c++ -std=$dialect $strict
		compile "gan.hpp as $dialect, $compiler" '#include <gan.hpp>
#include <gan.hpp>
int f();
int f() { return gan::version(); }' $compiler -x c++ -std=$dialect $strict
		mv "$scratch/header.o" "$scratch/one.o"
		compile "gan.hpp as $dialect, $compiler, in a second file" '#include <gan.hpp>
int f();
int main() { return f() - gan::version(); }' $compiler -x c++ -std=$dialect $strict
		$compiler "$scratch/one.o" "$scratch/header.o" -L"$lib" -lgan -o "$scratch/two" >&2
		result $? "gan.hpp in two files of a program as $dialect, $compiler"
	done
done

grep -o '^GAN_API [^;]*' include/gan.h | sed -n 's/^GAN_API [^(]*[ *]\(gan_[a-z_0-9]*\)(.*/\1/p' | sort >"$scratch/declared"
nm -D --defined-only "$lib/libgan.so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort >"$scratch/exported"
diff "$scratch/declared" "$scratch/exported" >"$scratch/difference"
status=$?
if [ $status -ne 0 ]; then echo 'Declared (<) and exported (>) differ:' >&2; cat "$scratch/difference" >&2; fi
result $status 'the exports are the functions of gan.h'
[ "$(wc -l <"$scratch/declared")" -ge 50 ]
result $? 'the functions of gan.h were found'

nm -D --defined-only "$lib/libgan.so" | awk '$2 != "A"' | grep -v '@@GAN_1$' >&2
[ $? -ne 0 ]
result $? 'every export has the version node GAN_1'

missing=
while read -r function; do
	grep -q "\<$function(" Tests/c/*.c || missing="$missing $function"
done <"$scratch/declared"
[ -z "$missing" ] || echo "Called by no C test:$missing" >&2
[ -z "$missing" ]
result $? 'every function is called by a C test'

missing=
while read -r function; do
	grep -qw "$function" include/gan.hpp || missing="$missing $function"
done <"$scratch/declared"
[ -z "$missing" ] || echo "Not to be had through gan.hpp:$missing" >&2
[ -z "$missing" ]
result $? 'gan.hpp has everything that gan.h has'

# The documentation, and every function, callback and value as a line.
awk -f Tests/c/contract.awk include/gan.h >"$scratch/contract"
result $? 'gan.h documents everything as its rules ask'
LC_ALL=C sort "$scratch/contract" >"$scratch/contract.sorted"
LC_ALL=C sort Tests/c/contract.txt >"$scratch/contract.promised"
LC_ALL=C comm -13 "$scratch/contract.sorted" "$scratch/contract.promised" >"$scratch/contract.gone"
[ ! -s "$scratch/contract.gone" ]
status=$?
if [ $status -ne 0 ]; then
	echo 'Tests/c/contract.txt promises what gan.h no longer has, or has otherwise. Programs that were built with it would' >&2
	echo 'break: keep it, and add the new beside it under another name.' >&2
	cat "$scratch/contract.gone" >&2
fi
result $status 'nothing of the contract was taken away or changed'
LC_ALL=C comm -23 "$scratch/contract.sorted" "$scratch/contract.promised" >"$scratch/contract.new"
[ ! -s "$scratch/contract.new" ]
status=$?
if [ $status -ne 0 ]; then
	echo 'gan.h has something new, which is a promise for ever. If it is meant, write it down:' >&2
	echo '    awk -f Tests/c/contract.awk include/gan.h | LC_ALL=C sort >Tests/c/contract.txt' >&2
	cat "$scratch/contract.new" >&2
fi
result $status 'what is new in the contract is written down'
[ "$(grep -c '^function ' "$scratch/contract")" -eq "$(wc -l <"$scratch/declared")" ]
result $? 'no function was overlooked'

readelf -d "$lib/libgan.so" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
	grep -vE '^(libc|libm|libstdc\+\+|libgcc_s|libz|libpng16|libpthread|libdl|ld-linux-x86-64|ld-linux-aarch64)\.so' >&2
[ $? -ne 0 ]
result $? 'only the C family, libz and libpng are needed'

missing=
for name in $(readelf -d "$lib/libgan.so" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so.*/\1/p' | grep -v '^ld-'); do
	grep -q "needs .*\`$name\`" README.md || missing="$missing $name"
done
[ -z "$missing" ] || echo "Needed, and not named in README.md:$missing" >&2
[ -z "$missing" ]
result $? 'README.md names what is needed'
# Which versions are asked for depends on the machine that builds, too.
newest() { nm -D --undefined-only "$lib/libgan.so" | sed -n "s/.*@$1_\([0-9.]*\)$/\1/p" | sort -V | tail -n 1; }
if [ "$(printf '%s\n' "$(getconf GNU_LIBC_VERSION | sed 's/.* //')" 2.36 | sort -V | tail -n 1)" = 2.36 ]; then
	grep -q "glibc $(newest GLIBC) .*libstdc++ $(newest GLIBCXX)," README.md || { newest GLIBC; newest GLIBCXX; false; } >&2
	result $? 'README.md says which versions are asked for'
else
	echo 'skipped: which versions are asked for (this C library is newer than what README.md speaks of)'
	skipped=$((skipped + 1))
fi

readelf -d "$lib/libgan.so" | grep -q 'SONAME.*\[libgan\.so\.0\]'
result $? 'the soname is libgan.so.0'
readelf -d "$lib/libgan.so" | grep -q 'NODELETE'
result $? 'the library is never unloaded'
readelf -lW "$lib/libgan.so" | grep 'GNU_STACK' | grep -qv 'RWE'
result $? 'the stack is not executable'
! readelf -d "$lib/libgan.so" | grep -q 'TEXTREL'
result $? 'no relocations in code'
! readelf -d "$lib/libgan.so" | grep -E '\((RPATH|RUNPATH)\)' | grep -v '\[$ORIGIN\]' >&2
result $? 'no search path of this machine'

# What a guest has no use for stays out: Swift's crash handler, and the names of Unicode's characters.
! readelf -SW "$lib/libgan.so" | grep swift5_backtrace >&2
result $? "no handler of crashes"
! grep -aq ANTIKENOKYLISM "$lib/libgan.so"
result $? "no names of characters"
size=$(wc -c <"$lib/libgan.so")
[ "$size" -lt 10485760 ]
result $? "under 10 MB (it has $size bytes)"

if [ "$skipped" -gt 0 ]; then echo "header: $passed passed, $failed failed, $skipped skipped"; else echo "header: $passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]
