#!/bin/sh
# The examples, run as a person would run them, with few epochs: what they print, what they write, what they say to
# wrong arguments; the progress bar on terminals of two widths; Ctrl-C.
# Usage: examples.sh FOLDER-OF-PROGRAMS SCRATCH-FOLDER
set -u
programs=$1 scratch=$2
passed=0 failed=0 skipped=0
rm -rf "$scratch"
mkdir -p "$scratch"

result() { # result STATUS NAME
	if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "examples: failed: $2" >&2; fi
}

run() { # run NAME COMMAND...
	name=$1; shift
	"$@" >"$scratch/output" 2>&1
	status=$?
	[ $status -eq 0 ] || cat "$scratch/output" >&2
	result $status "$name"
}

is_png() { [ "$(head -c 8 "$1" 2>/dev/null | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ]; }

# --- 01-train

"$programs/01-train" examples-c/data "$scratch/run" --epochs 11 --seed 3 --threads 2 >"$scratch/lines" 2>"$scratch/told"
result $? '01-train trains'
[ "$(grep -cE '^Epoch: 00(0[0-9]|10) D loss: -?[0-9.]+(e-?[0-9]+)? G loss: -?[0-9.]+(e-?[0-9]+)?$' "$scratch/lines")" -eq 11 ] &&
	[ "$(wc -l <"$scratch/lines")" -eq 11 ]
result $? '01-train prints a line an epoch into a pipe, and nothing else'
[ "$(ls "$scratch/run/samples" | tr '\n' ' ')" = '000.png 009.png ' ] && is_png "$scratch/run/samples/000.png" && is_png "$scratch/run/samples/009.png"
result $? '01-train writes samples after the first and the tenth epoch'
[ -s "$scratch/run/digits.safetensors" ]
result $? '01-train writes a checkpoint'
"$programs/01-train" examples-c/data "$scratch/again" --epochs 11 --seed 3 --threads 1 >/dev/null 2>&1 &&
	cmp "$scratch/run/digits.safetensors" "$scratch/again/digits.safetensors"
result $? '01-train gives the same checkpoint with one thread'

# --- Ctrl-C

# Into files that were not there before: the lines of an earlier training would be taken for this one's until the new
# process empties them, and a signal that comes before it can be caught is lost.
"$programs/01-train" examples-c/data "$scratch/stopped" --epochs 100000 >"$scratch/stopped.lines" 2>"$scratch/stopped.told" &
process=$!
waited=0
while [ "$waited" -lt 600 ] && ! grep -q 'Epoch: 0001' "$scratch/stopped.lines" 2>/dev/null; do sleep 0.1; waited=$((waited + 1)); done
kill -INT $process
(sleep 60; kill -KILL $process) >/dev/null 2>&1 &
watchdog=$!
wait $process
[ $? -eq 130 ] && grep -q '03-resume .*digits.safetensors .* --epochs [0-9]' "$scratch/stopped.told"
result $? '01-train stops at Ctrl-C and says how to go on'
kill $watchdog 2>/dev/null
run '03-resume goes on after Ctrl-C' "$programs/03-resume" "$scratch/stopped/digits.safetensors" examples-c/data --epochs 1

# --- The bar

for columns in 40 80; do
	if ! command -v script >/dev/null 2>&1; then
		echo "skipped: the bar at $columns columns (no script)"
		skipped=$((skipped + 1))
		continue
	fi
	script -qec "stty cols $columns; '$programs/01-train' examples-c/data '$scratch/bar' --epochs 12" /dev/null </dev/null >"$scratch/typed" 2>&1
	# Every piece between two returns, without its escapes, is narrower than the terminal; the first line may wrap.
	tr '\r' '\n' <"$scratch/typed" | sed 's/\x1b\[K//g' | grep '%' >"$scratch/bars"
	[ -s "$scratch/bars" ] && awk -v most=$columns 'length($0) >= most { exit 1 }' "$scratch/bars" &&
		grep -qE '^ *[0-9]+% \[=*>? *\] .*/s' "$scratch/bars"
	result $? "the bar fits $columns columns"
	[ "$(tr '\r' '\n' <"$scratch/typed" | sed 's/\x1b\[K//g' | grep -cE '^Epoch: [0-9]{4} D loss: [-0-9.e]+ G loss: [-0-9.e]+$')" -eq 12 ]
	result $? "the lines are whole at $columns columns"
done

# --- The others

checkpoint=$scratch/run/digits.safetensors
run '02-sample' "$programs/02-sample" "$checkpoint" "$scratch/grid.png" --count 10 --columns 5 --first 3 --seed 9 --scale 3
is_png "$scratch/grid.png"
result $? '02-sample writes a picture'
run '03-resume' "$programs/03-resume" "$checkpoint" examples-c/data --epochs 2 --threads 1 --to "$scratch/further"
"$programs/01-train" examples-c/data "$scratch/whole" --epochs 13 --seed 3 >/dev/null 2>&1 && cmp "$scratch/further" "$scratch/whole/digits.safetensors"
result $? '03-resume gives what an unbroken training gives'
run '03-resume changes the rate' "$programs/03-resume" "$checkpoint" examples-c/data --epochs 1 --rate 1e-4 --to "$scratch/slower"
run '04-train-from-memory' "$programs/04-train-from-memory" "$scratch/shapes.png" --epochs 3
is_png "$scratch/shapes.png"
result $? '04-train-from-memory writes a picture'
run '05-interpolate' "$programs/05-interpolate" "$checkpoint" "$scratch/paths.png" --rows 2 --steps 5
run '05-interpolate on lines' "$programs/05-interpolate" "$checkpoint" "$scratch/lines.png" --rows 2 --steps 5 --linear
is_png "$scratch/paths.png" && is_png "$scratch/lines.png" && ! cmp -s "$scratch/paths.png" "$scratch/lines.png"
result $? '05-interpolate writes two pictures'
run '06-many-samplers' "$programs/06-many-samplers" "$checkpoint" --threads 3 --count 500
run '07-train-from-callback' "$programs/07-train-from-callback" "$scratch/stripes.png" --epochs 2 --count 300
is_png "$scratch/stripes.png"
result $? '07-train-from-callback writes a picture'
run '08-conditional' "$programs/08-conditional" examples-c/data "$scratch/classes.png" --epochs 1 --columns 4 --seed 3
[ "$(grep -c '^row [0-9]: [0-9]$' "$scratch/output")" -eq 10 ] && grep -q ': 10 classes, 4 images of each$' "$scratch/output"
result $? '08-conditional names its classes'
is_png "$scratch/classes.png"
result $? '08-conditional writes a picture'
run '09-infogan' "$programs/09-infogan" examples-c/data "$scratch/codes.png" --epochs 1 --columns 4 --seed 3
grep -q ': 10 categories, 4 values of c2' "$scratch/output"
result $? '09-infogan tells what it has swept'
is_png "$scratch/codes.png"
result $? '09-infogan writes a picture'

run '10-training-data' "$programs/10-training-data" "$scratch/plates" --plates 60 --steps 9 --reader-steps 3
[ "$(grep -cE '^ +(0|60) +[0-9]+\.[0-9] % \( *[0-9]+\.[0-9] %\) +[0-9]+\.[0-9] % \( *[0-9]+\.[0-9] %\)$' "$scratch/output")" -eq 3 ]
result $? '10-training-data tells how well readers read'
is_png "$scratch/plates/plates.png" && [ "$(wc -c <"$scratch/plates/train-images-idx3-ubyte")" -eq $((16 + 300 * 24 * 20)) ] &&
	[ "$(wc -c <"$scratch/plates/train-labels-idx1-ubyte")" -eq $((8 + 300)) ]
result $? '10-training-data writes a picture, and a training set with labels'

run '11-shapes' "$programs/11-shapes" "$scratch/table.stl" --tables 16 --epochs 1 --seed 3
grep -qE 'table\.stl: [0-9]+ vertices, [0-9]+ triangles; .*table\.png: views of 9 tables$' "$scratch/output" && is_png "$scratch/table.png" &&
	[ "$(wc -c <"$scratch/table.stl")" -eq $((84 + 50 * $(sed -E 's/.* ([0-9]+) triangles.*/\1/' "$scratch/output"))) ]
result $? '11-shapes writes a shape and views'

# --- Wrong arguments: the usage and 2; a file that is not there: a sentence and 1

for program in "$programs"/[01]*-*; do
	for argument in --no-such-option --epochs=x -x; do
		"$program" $argument >"$scratch/output" 2>&1
		[ $? -eq 2 ] && grep -q '^usage: ' "$scratch/output"
		result $? "$(basename "$program") $argument: usage and exit code 2"
	done
	case $program in
	*11*) set -- "$program" /no/such/folder/x.obj --tables 16 --epochs 1 ;;
	*04* | *07*) set -- "$program" /no/such/folder/x.png --epochs 1 ;;
	*) set -- "$program" /no/such/file ;;
	esac
	"$@" >"$scratch/output" 2>&1
	[ $? -eq 1 ] && grep -q '/no/such' "$scratch/output"
	result $? "$(basename "$program"): a sentence about a path that is not there, and exit code 1"
done
"$programs/01-train" examples-c/data "$scratch/x" --epochs 0 >/dev/null 2>&1
[ $? -eq 2 ]
result $? '01-train --epochs 0: exit code 2'
"$programs/01-train" examples-c/data "$scratch/x" --epochs >/dev/null 2>&1
[ $? -eq 2 ]
result $? '01-train --epochs without a number: exit code 2'

if [ "$skipped" -gt 0 ]; then echo "examples: $passed passed, $failed failed, $skipped skipped"; else echo "examples: $passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]
