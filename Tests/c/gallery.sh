#!/bin/sh
# A picture of each recipe, by a small model that the command trains on the digits of examples-c or on data that the library makes:
# `make gallery` puts them into examples-c/gallery. With --short it takes few digits and one epoch, and leaves the pictures in the scratch folder: a test that every
# recipe has one. Usage: gallery.sh COMMAND SCRATCH-FOLDER [--short]; ONLY="tags volume" makes these alone.
set -u
command=$1 scratch=$2 short=${3:-}
rm -rf "$scratch"
mkdir -p "$scratch"
passed=0 failed=0 written=examples-c/data usual=20 some=5 few=
if [ -n "$short" ]; then
	written=$scratch/digits usual=1 some=1 few='--count 300'
	"$command" data digits "$written" --count 300 --quiet || exit 1
fi

# Data that the library makes; few of them for a test.
made() { # made NAME FILE
	[ -e "$scratch/$2" ] || "$command" data "$1" "$scratch/$2" $few --quiet || exit 1
	data=$scratch/$2
}

# How a recipe is trained and shown: its data, the options of `gan train`, and those of `gan sample`. Without any, the row of samples that
# the training writes at its end is the picture: what a network was given, what it made of that, and what was true.
recipe() { # recipe NAME
	data=$written second= epochs=$usual
	case $1 in
	gan) train='' sample='--labels --count 16' ;;
	infogan) train='' sample='--sweep c1 --count 8' ;;
	image-to-image) train='--source edges' sample='' epochs=$some ;;
	super-resolution) train='' sample='' epochs=$some ;;
	inpainting) train='--hole centre' sample='' epochs=$some ;;
	classifier | autoencoder | table) return 2 ;; # makes no pictures
	text-to-image) train='' sample='' epochs=$some && made words words ;;
	tags) train='--generator.channels 32 --discriminator.channels 16 --batch-size 32' sample='--tags blue-hair,glasses;black-hair,smile,long-hair;red-hair,hat;blond-hair,beard --count 16 --columns 8' && { [ -n "$short" ] || epochs=8; } && made faces faces ;;
	volume) train='' sample='--count 9' && made furniture furniture.idx ;;
	view-to-volume) train='' sample='' && made furniture furniture ;;
	next-frame) train='' sample='' && made moving moving.idx ;;
	translation) train='' sample='' second=$written && epochs=$some && made digits drawn ;;
	*) return 1 ;;
	esac
}

# The picture of a trained recipe, as the last row of samples or drawn now.
show() { # show NAME
	if [ -n "$sample" ]; then
		"$command" sample "$scratch/$1.safetensors" $sample --seed 1 --scale 1 --png "$scratch/$1.png"
	else
		cp "$(ls "$scratch/$1"/[0-9]*.png | tail -1)" "$scratch/$1.png"
	fi
}

for name in $("$command" recipes --json | sed -n 's/.*"name": *"\([^"]*\)".*/\1/p'); do
	case " ${ONLY:-$name} " in *" $name "*) ;; *) continue ;; esac
	recipe "$name"
	case $? in
	0) ;;
	2) continue ;;
	*)
		echo "gallery: failed: the recipe $name has no line in Tests/c/gallery.sh" >&2
		failed=$((failed + 1))
		continue
		;;
	esac
	if "$command" train "$data" $second --recipe "$name" --epochs $epochs $train --out "$scratch/$name.safetensors" --samples "$scratch/$name" >"$scratch/log" 2>&1 &&
		show "$name" >>"$scratch/log" 2>&1; then
		passed=$((passed + 1))
		[ -n "$short" ] || { mkdir -p examples-c/gallery && cp "$scratch/$name.png" "examples-c/gallery/$name.png" && echo "examples-c/gallery/$name.png"; }
	else
		cat "$scratch/log" >&2
		echo "gallery: failed: $name" >&2
		failed=$((failed + 1))
	fi
done
echo "gallery: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && { [ -n "${ONLY:-}" ] || [ "$passed" -ge 11 ]; }
