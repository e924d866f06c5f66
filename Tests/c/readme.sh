#!/bin/sh
# What README.md shows: its program in C and its lines of the command `gan`, run as they stand there but with an epoch or
# two, must give the pictures that it shows, in their size, and one checkpoint from both. With --whole they take all their
# epochs, stop when the pictures are there, and put them into examples-c: that is `make pictures`.
# Usage: readme.sh COMMAND FOLDER-OF-LIBRARY SCRATCH-FOLDER [--whole]      (CC from the environment)
set -u
mkdir -p "$3"
top=$(pwd) command=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") lib=$(cd "$2" && pwd) scratch=$(cd "$3" && pwd) whole=${4:-}
passed=0 failed=0
rm -rf "$scratch"/*
mkdir -p "$scratch/bin" "$scratch/c" "$scratch/command"
ln -s "$command" "$scratch/bin/gan"
ln -s "$top/examples-c" "$scratch/c/examples-c"
ln -s "$top/examples-c" "$scratch/command/examples-c"
PATH=$scratch/bin:$PATH
export PATH

result() { # result STATUS NAME
	if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "readme: failed: $2" >&2; fi
}

quiet() { # quiet COMMAND...
	"$@" >"$scratch/log" 2>&1 || { status=$?; cat "$scratch/log" >&2; return $status; }
}

# The lines of the command, a line each: those that end in a backslash joined, comments taken off.
awk '/^    gan / || more { line = more ? line $0 : $0; more = sub(/\\$/, "", line); if (!more) print line }' README.md |
	sed -E 's/ +#.*//; s/ +/ /g; s/^ //' >"$scratch/lines"

# The pictures by name, and where the lines have put one.
grep -o '](examples-c/[^)/]*\.png)' README.md | sed 's|.*/||; s/)$//' >"$scratch/pictures"
made() { find "$scratch/command" -name "$1" ! -type d | head -n 1; }
all_made() { while read -r name; do [ -n "$(made "$name")" ] || return 1; done <"$scratch/pictures"; }

if [ "$whole" = --whole ]; then
	cd "$scratch/command"
	while read -r line; do
		echo "$line"
		eval "$line" </dev/null || exit 1
		all_made && break
	done <"$scratch/lines"
	all_made || exit 1
	while read -r name; do cp "$(made "$name")" "$top/examples-c/$name"; done <"$scratch/pictures"
	exit
fi

[ "$(wc -l <"$scratch/lines")" -ge 9 ] && [ "$(wc -l <"$scratch/pictures")" -ge 2 ]
result $? 'README.md has lines of the command, and pictures'

# `make gallery` makes these.
grep -o '](examples-c/gallery/[^)]*\.png)' README.md | sed 's/^](//; s/)$//' >"$scratch/gallery"
[ -s "$scratch/gallery" ] && quiet xargs ls <"$scratch/gallery"
result $? 'the gallery that README.md shows is there'

# --- The program

awk '$0 == "```c" { inside = 1; next } /^```/ && inside { exit } inside' README.md | sed -E '/gan_trainer_run/s/\b20\b/1/' >"$scratch/c/readme.c"
grep -q 'gan_trainer_run(trainer, 1,' "$scratch/c/readme.c" &&
	quiet ${CC:-cc} -O2 -std=c99 -Wall -Wextra -Werror -pedantic "$scratch/c/readme.c" -Iinclude -L"$lib" -lgan -Wl,-rpath,"$lib" -o "$scratch/c/readme" &&
	(cd "$scratch/c" && quiet ./readme) && [ -s "$scratch/c/grid.png" ]
result $? 'the program in C trains and draws'

# --- The command

cd "$scratch/command"
# "A few hundred colour pictures of your own": forty, drawn by a network that has seen noise in colour.
{ printf '\0\0\010\004\0\0\0\100\0\0\0\050\0\0\0\050\0\0\0\003'; head -c $((64 * 40 * 40 * 3)) /dev/urandom; } >noise.idx
quiet gan train noise.idx --epochs 1 --out noise.safetensors --quiet --batch-size 64 && quiet gan sample noise.safetensors --count 40 --pngs photos
result $? 'colour pictures'

while read -r line; do
	case $line in
	'gan resume '*) epochs=2 more= ;;
	'gan bench'*) epochs=1 more='--seconds 0.01 --size 8x8x1' ;;
	*) epochs=1 more= ;;
	esac
	short=$(echo "$line" | sed -E "s/--epochs [0-9]+/--epochs $epochs/")
	eval "quiet $short $more </dev/null"
	result $? "$line"
	case $line in
	'gan train examples-c/data '*'--out digits.safetensors'*)
		cmp digits.safetensors "$scratch/c/digits.safetensors"
		result $? 'the command and the program in C write one checkpoint'
		;;
	esac
done <"$scratch/lines"

size() { od -An -tx1 -j16 -N8 "$1" | tr -d ' \n'; } # of a PNG: width and height
while read -r name; do
	file=$(made "$name")
	[ -n "$file" ] && [ "$(head -c 8 "$file" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ] && [ "$(size "$file")" = "$(size "$top/examples-c/$name")" ]
	result $? "the lines make $name, in the size of the one that README.md shows"
done <"$scratch/pictures"
[ "$(ls film | wc -l)" -eq 60 ]
result $? 'the film has sixty pictures'

echo "readme: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
