#!/bin/sh
# What takes minutes: the whole demo, twice, with other numbers of threads, and in two parts; the checkpoints are equal. And how much better
# a reader of number plates reads when a translation has made its training data.
# Usage: long.sh FOLDER-OF-PROGRAMS SCRATCH-FOLDER
set -u
programs=$1 scratch=$2
passed=0 failed=0
rm -rf "$scratch"
mkdir -p "$scratch"

result() { # result STATUS NAME
	if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "long: failed: $2" >&2; fi
}

"$programs/01-train" examples-c/data "$scratch/two" --threads 2 >/dev/null
result $? '100 epochs on two threads'
"$programs/01-train" examples-c/data "$scratch/three" --threads 3 >/dev/null
result $? '100 epochs on three threads'
"$programs/01-train" examples-c/data "$scratch/part" --threads 1 --epochs 37 >/dev/null
"$programs/03-resume" "$scratch/part/digits.safetensors" examples-c/data --epochs 63 >/dev/null
result $? '37 and 63 epochs'
cmp "$scratch/two/digits.safetensors" "$scratch/three/digits.safetensors"
result $? 'two and three threads give one checkpoint'
cmp "$scratch/two/digits.safetensors" "$scratch/part/digits.safetensors"
result $? '100 epochs are 37 and 63'
[ "$(ls "$scratch/two/samples" | tr '\n' ' ')" = '000.png 009.png 019.png 029.png 039.png 049.png 059.png 069.png 079.png 089.png 099.png ' ]
result $? 'the rows of samples'
diff -r "$scratch/two/samples" "$scratch/three/samples"
result $? 'the samples are equal too'

# What drawn plates in the look of photographs are worth to a reader: five points more of all plates read, without a photograph whose text is
# known and with a hundred.
"$programs/10-training-data" "$scratch/plates" --seed 1 >"$scratch/readers"
result $? '10-training-data'
for typed in 0 100; do
	awk -v typed=$typed '$1 == typed { found = 1; plain = $2; gsub(/[()%]/, " "); made = $4 } END { exit !(found && made >= plain + 5) }' "$scratch/readers"
	result $? "made photographs teach a reader more than plain plates, beside $typed real ones"
done
sed 's/^/    /' "$scratch/readers" | tail -n 4

echo "long: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
