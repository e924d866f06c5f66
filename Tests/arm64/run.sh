#!/bin/sh
# The kernels of arm64 on a machine that is none: compiled from the sources by Swift's own cross-compiler, linked with a C
# program by Debian's, and run by an emulator. There is no need of a Swift for arm64 Linux: kernels are arithmetic on pointers,
# so embedded Swift, which comes with every toolchain, has all that they use, and the C library has what that needs.
# Usage: run.sh SCRATCH-FOLDER       (SWIFT from the environment). The last line is "kernels: N passed, N failed".
set -eu
scratch=$1
here=$(cd "$(dirname "$0")" && pwd)
sources=$here/../../Sources
swift=$(command -v "${SWIFT:-swift}")
swiftc=${swift%swift}swiftc

skip() { echo "skipped: arm64: $1"; echo 'kernels: 0 passed, 0 failed, 1 skipped'; exit 0; }
command -v qemu-aarch64-static >/dev/null 2>&1 || skip 'there is no qemu-aarch64-static (Debian: qemu-user-static)'
command -v aarch64-linux-gnu-gcc >/dev/null 2>&1 || skip 'there is no aarch64-linux-gnu-gcc (Debian: gcc-aarch64-linux-gnu)'
[ -e /usr/aarch64-linux-gnu/include/stdio.h ] || skip 'there are no headers of C for arm64 (Debian: libc6-dev-arm64-cross)'
library=$("$swiftc" -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
[ -d "$library/embedded/aarch64-none-none-elf" ] || skip 'this Swift has no embedded library for aarch64'

rm -rf "$scratch"
mkdir -p "$scratch/shims"
# The package manager makes this one by itself.
printf 'module CGanShims {\n    umbrella "%s"\n    export *\n}\n' "$sources/CGanShims/include" >"$scratch/shims/module.modulemap"

# As Package.swift compiles kernels: optimised, without checks. Swift takes the target for a machine without a system; the C
# headers are read for Linux, as they will be there.
compile() { # compile MODULE FILES...
	module=$1
	shift
	"$swiftc" -target aarch64-none-none-elf -Xfrontend -clang-target -Xfrontend aarch64-unknown-linux-gnu \
		-enable-experimental-feature Embedded -swift-version 6 -wmo -Ounchecked -parse-as-library \
		-Xcc -isystem -Xcc /usr/aarch64-linux-gnu/include -I "$scratch/shims" -I "$here" -I "$scratch" \
		-module-name "$module" -emit-module -emit-module-path "$scratch/$module.swiftmodule" \
		-c "$@" -o "$scratch/$module.o"
}
compile Kernels "$sources"/Kernels/*.swift
compile KernelsBaseline "$sources"/KernelsBaseline/*.swift
compile Arm64Kernels "$here"/Kernels.swift

# By Swift's linker: Debian's finds fault with a protected symbol that each of Swift's objects brings.
aarch64-linux-gnu-gcc -static -B"$library/../../bin" -fuse-ld=lld -std=c11 -D_DEFAULT_SOURCE -O2 -Wall -Wextra -Werror -I"$sources/CGanShims/include" "$here"/*.c \
	"$sources/CGanShims/shims.c" "$scratch"/*.o -o "$scratch/test-kernels" -lm
exec qemu-aarch64-static "$scratch/test-kernels"
