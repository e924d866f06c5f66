#!/bin/sh
# The fuzzer: run.sh PROGRAM INTERPOSER SECONDS [PART]      (SEED, BASE from the environment)
#
# Without a part the seconds are shared among all of them. The last line is "fuzz: N passed, N failed".
set -u
program=$1 interposer=$2 seconds=$3 part=${4:-}
passed=0 failed=0 skipped=0
export SOURCE="$PWD"

# Every function of the header is called by the fuzzer.
for name in $(grep -oE '\bgan_[a-z0-9_]+\(' include/gan.h | tr -d '(' | sort -u); do
	grep -q "^GAN_API .*[ *]$name(" include/gan.h || continue
	if grep -qE "\b$name\b" Tests/fuzz/*.c; then passed=$((passed + 1)); else
		failed=$((failed + 1))
		echo "fuzz: $name is not called by Tests/fuzz" >&2
	fi
done

run() { # run PART SHARE-IN-PERCENT
	preload=
	if [ "$1" = memory ]; then
		if [ ! -f "$interposer" ] || [ -n "${SANITIZED:-}" ]; then
			echo "skipped: failing allocations (they would be the sanitizer's)"
			skipped=$((skipped + 1))
			return
		fi
		preload=$interposer
	fi
	answer=$(LD_PRELOAD="$preload" "$program" "$1" $(((seconds * $2 + 99) / 100)))
	echo "$answer"
	set -- $(echo "$answer" | sed -nE 's/^fuzz-[a-z]+: ([0-9]+) passed, ([0-9]+) failed$/\1 \2/p') 0 1
	[ "$1" -gt 0 ] || [ "$2" -gt 0 ] || set -- 0 1
	passed=$((passed + $1)) failed=$((failed + $2))
}

if [ -n "$part" ]; then run "$part" 100; else
	run calls 30
	run threads 10
	run files 35
	run kills 10
	run memory 15
fi

if [ "$skipped" -gt 0 ]; then echo "fuzz: $passed passed, $failed failed, $skipped skipped"; else echo "fuzz: $passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]
