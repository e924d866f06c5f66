#!/bin/sh
# Runs every test there is and sums them up; `make check` calls it from the top folder.
#
# Each suite prints a line "name: N passed, N failed". One that ends without such a line has failed. The last line is
# the sum, "N passed, N failed" with what was skipped, and the exit code tells whether anything failed.
# MAKE, SWIFT, CC, CXX, BUILD and OUT come from the Makefile; LENGTH is check or check-long.
set -u
logs=$OUT/logs
rm -rf "$logs"
mkdir -p "$logs"
passed=0 failed=0 skipped=0

add() { # add PASSED FAILED SKIPPED
	passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

log_of() { # log_of LABEL
	echo "$logs/$(echo "$1" | tr -c 'a-z0-9-\n' '_').log"
}

# Runs a suite, beside others where it ends with &, and keeps what it says, how it ends and how long it takes.
run() { # run LABEL COMMAND...
	log=$(log_of "$1"); shift
	started=$(date +%s)
	"$@" >"$log" 2>&1
	echo "$? $(($(date +%s) - started))" >"$log.end"
}

report() { # report LABEL
	label=$1 log=$(log_of "$1") status=1 took=0
	read -r status took <"$log.end"
	line=$(grep -E '^[a-z-]+: [0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
	set -- $(echo "$line" | sed -E 's/^[^:]*: ([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?.*/\1 \2 \4/')
	good=${1:-0} bad=${2:-0} left=${3:-0}
	if [ -z "$line" ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
		bad=$((bad + 1))
		echo "$label: ended with exit code $status" >>"$log"
	fi
	echo "$label: $good passed, $bad failed$([ "$left" -eq 0 ] || echo ", $left skipped") ($took s)"
	[ "$bad" -eq 0 ] || tail -n 40 "$log" | sed 's/^/    /'
	grep '^skipped: ' "$log" | sed 's/^/    /'
	add "$good" "$bad" "$left"
}

suite() { # suite LABEL COMMAND...
	run "$@"
	report "$1"
}

# XCTest, told in the same words. The package manager must not take CC from the environment. Without testable imports,
# which no test uses, the tests are linked with the very objects of the library, and nothing is built twice.
swift_suite() {
	log=$logs/swift.log
	started=$(date +%s)
	(unset CC CXX; $SWIFT test -c release --scratch-path "$BUILD" --disable-swift-testing \
		--disable-testable-imports) >"$log" 2>&1
	status=$?
	took=$(($(date +%s) - started))
	# "Executed 12 tests, with 1 test skipped and 0 failures (0 unexpected) in …"; the last such line is the whole.
	line=$(grep -E 'Executed [0-9]+ tests?, with' "$log" | tail -n 1)
	all=$(echo "$line" | sed -nE 's/.*Executed ([0-9]+) tests?.*/\1/p')
	bad=$(grep -cE "^Test Case .* failed \(" "$log")
	left=$(echo "$line" | sed -nE 's/.*with ([0-9]+) tests? skipped.*/\1/p')
	all=${all:-0} bad=${bad:-0} left=${left:-0}
	if [ $status -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1 all=$((all + 1)); fi
	if [ "$all" -eq 0 ]; then bad=1 all=1; fi
	echo "swift: $((all - bad - left)) passed, $bad failed$([ "$left" -eq 0 ] || echo ", $left skipped") ($took s)"
	[ "$bad" -eq 0 ] || { grep -E 'error:|failed' "$log" | tail -n 40; tail -n 20 "$log"; } | sed 's/^/    /'
	add $((all - bad - left)) "$bad" "$left"
}

# The instruction sets that this machine runs, best first.
sets=
for name in avx512 avx2 baseline; do
	[ "$(GAN_ISA=$name "$OUT/tests/test-library" --isa)" = $name ] && sets="$sets $name"
done
echo "instruction sets:$sets"

suite header sh Tests/c/header.sh "$OUT/lib" "$OUT/scratch"
for name in $sets; do
	GAN_ISA=$name
	export GAN_ISA
	for program in "$OUT"/tests/test-*; do
		[ -x "$program" ] && suite "$(basename "$program" | sed s/test-//) [$name]" "$program"
	done
done
unset GAN_ISA

# An old processor, as far as an emulator can be one: a path that uses what is not there ends with SIGILL.
if command -v qemu-x86_64-static >/dev/null 2>&1; then
	for processor in Nehalem Haswell; do
		suite "sampling on $processor" qemu-x86_64-static -cpu $processor "$OUT/tests/test-sampling"
		suite "training on $processor" qemu-x86_64-static -cpu $processor "$OUT/tests/test-training"
	done
else
	echo 'skipped: old processors (no qemu-x86_64-static)'
	skipped=$((skipped + 1))
fi

# The other architecture: its kernels, in an emulator, beside what follows.
run 'kernels of arm64' sh Tests/arm64/run.sh "$OUT/scratch/arm64" &
emulated=$!

# Every access is to a block that is there, and every block is freed. The library with its symbols, so that a report
# names functions. Values without initialisation are not reported: optimised Swift compares an enumeration's payload and
# tag in one go, and leaves the payload as it is where the tag says that there is none. The tests of allocations and of memory have
# malloc for themselves, valgrind knows one floating-point environment, what a lost thread held is lost after fork,
# divergence takes minutes there and calls nothing that other tests do not, and the dynamic loader's way with strings is not ours to judge.
if command -v valgrind >/dev/null 2>&1; then
	mkdir -p "$OUT/symbols"
	cp "$BUILD/release/libgan.so" "$OUT/symbols/libgan.so.0"
	for program in "$OUT"/tests/test-*; do
		case $program in *test-allocations | *test-memory | *test-float | *test-fork | *test-divergence | *test-loading) continue ;; esac
		# What takes most of the time there is for check-long.
		if [ "$LENGTH" = check ]; then
			case $program in *test-applier | *test-checkpoints | *test-handles | *test-made | *test-tables | *test-volumes) continue ;; esac
		fi
		suite "$(basename "$program" | sed s/test-//) in valgrind" env LD_LIBRARY_PATH="$OUT/symbols" valgrind -q \
			--leak-check=full --errors-for-leak-kinds=definite \
			--show-leak-kinds=definite --error-exitcode=99 --child-silent-after-fork=yes "$program"
	done
else
	echo 'skipped: leaks (no valgrind)'
	skipped=$((skipped + 1))
fi
wait $emulated
report 'kernels of arm64'

# A few seconds of the fuzzer, from another seed each time; make fuzz SECONDS=… goes on.
suite fuzz sh Tests/fuzz/run.sh "$OUT/fuzz/fuzz" "$OUT/fuzz/libfailing.so" 20

suite examples sh Tests/c/examples.sh "$OUT/examples" "$OUT/scratch/examples"
if [ -x "$OUT/bin/gan" ]; then
	suite 'the lines of README.md' sh Tests/c/readme.sh "$OUT/bin/gan" "$OUT/lib" "$OUT/scratch/readme"
else
	echo 'skipped: the lines of README.md (GAN_LIBRARY_ONLY)'
	skipped=$((skipped + 1))
fi
[ ! -x "$OUT/bin/gan" ] || suite 'a picture of each recipe' sh Tests/c/gallery.sh "$OUT/bin/gan" "$OUT/scratch/gallery" --short
if command -v python3 >/dev/null 2>&1; then
	suite 'another language' python3 Tests/c/foreign.py "$OUT/lib/libgan.so.0" "$OUT/scratch/examples/run/digits.safetensors"
else
	echo 'skipped: another language (no python3)'
	skipped=$((skipped + 1))
fi
suite 'other languages' sh Tests/ffi/run.sh "$OUT/scratch/ffi"

# The plugins, in the programs that they are for.
case " ${GAN_PLUGINS:-} " in
*" frei0r "*)
	suite frei0r sh Tests/frei0r/run.sh "$OUT/frei0r-1/gan.so" "$OUT/frei0r/host" "$OUT/scratch/examples/run/digits.safetensors" "$OUT/scratch/frei0r"
	;;
*)
	echo 'skipped: the frei0r plugin (no frei0r.h)'
	skipped=$((skipped + 1))
	;;
esac
case " ${GAN_PLUGINS:-} " in
*" sqlite "*)
	suite 'sqlite shell' sh Tests/sqlite/shell.sh "$OUT/sqlite/libgansqlite.so" "$OUT/scratch/sqlite-shell"
	suite 'sqlite in python' sh Tests/sqlite/python.sh "$OUT/sqlite/libgansqlite.so" "$OUT/lib/libgan.so.0" "$OUT/scratch/sqlite-python"
	;;
*)
	echo 'skipped: the SQLite extension (no sqlite3ext.h)'
	skipped=$((skipped + 1))
	;;
esac

if [ -x "$OUT/bin/gan" ] && command -v python3 >/dev/null 2>&1; then
	suite 'the command' python3 Tests/gan/run.py "$OUT/bin/gan" "$OUT/man/gan.1" "$OUT/completions"
else
	echo 'skipped: the command (no python3, or GAN_LIBRARY_ONLY)'
	skipped=$((skipped + 1))
fi
suite install sh Tests/install/run.sh "$OUT/scratch/install"
suite 'a machine that lacks something' sh Tests/install/machine.sh "$OUT/scratch/machine"
if [ "$LENGTH" = check-long ]; then
	suite 'quality of preset=auto' "$OUT/quality/quality"
	suite 'quality of next-frame' "$OUT/quality/frames"
	suite 'the ranking of generators' "$OUT/quality/ranking" examples-c/data
	suite 'what measures quality, in short' "$OUT/quality/digits" examples-c/data 1 0.003
	suite 'memory, every allocation' env MEMORY_STRIDE=1 "$OUT/tests/test-memory"
	for name in $sets; do
		suite "long [$name]" env GAN_ISA="$name" sh Tests/c/long.sh "$OUT/examples" "$OUT/scratch/long"
	done
fi
swift_suite

echo
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]
