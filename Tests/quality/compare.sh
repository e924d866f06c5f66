#!/bin/sh
# What each loss makes of each network, on the digits of the repository, by measures through the features of one classifier:
# a table for README.md. Half an hour on two idle processors. What was measured is kept in FOLDER, and a second call goes on from there.
#
# Usage: compare.sh PATH-OF-GAN FOLDER        (from the top folder of the sources)
# SEEDS="1 2 3"    how many trainings each row is the mean of
# JOBS=2           so many at a time, on a thread each: more threads would not change a bit of them
set -eu

# ------------------------------------------------------------------ One training and its measures: compare.sh --one …
if [ "$1" = --one ]; then
    gan=$2 folder=$3 network=$4 loss=$5 seed=$6 epochs=$7
    name=$folder/$network-$loss-$seed
    [ -s "$name.json" ] && exit 0
    case $network in
    # Goodfellow et al. (2014) as the tutorial has it: two fully connected networks.
    mlp) set -- --preset mlp --generator.hidden 256,256 --generator.learning-rate 1e-3 --discriminator.learning-rate 1e-3 \
        --generator.beta1 0.5 --discriminator.beta1 0.5 ;;
    # Narrow ones, as in README.md, which learn fast.
    dcgan) set -- --preset dcgan --generator.channels 16 --discriminator.channels 16 --generator.learning-rate 2e-3 ;;
    # R3GAN's blocks and penalties, these at every fourth step, whatever the loss.
    resnet) set -- --preset resnet --generator.channels 8 --discriminator.channels 8 --generator.channels-limit 32 \
        --discriminator.channels-limit 32 --generator.learning-rate 1e-3 --discriminator.learning-rate 1e-3 --penalty.every 4 --average.decay 0.99 ;;
    esac
    # Without a bound of its slope this one means nothing; R1 and R2 are one.
    if [ "$loss" = wasserstein ] && [ "$network" != resnet ]; then set -- "$@" --weight-clip 0.05; fi
    code=0
    "$gan" train examples-c/data "$@" --loss "$loss" --seed "$seed" --epochs "$epochs" --threads 1 --out "$name.safetensors" --force --quiet \
        2> "$name.log" || code=$?
    case $code in
    0) "$gan" evaluate "$name.safetensors" examples-c/data --classifier "$folder/judge.safetensors" --count 5000 --threads 1 --json > "$name.part" ;;
    1) echo '{"diverged": true}' > "$name.part" ;;
    *) cat "$name.log" >&2; exit 255 ;;
    esac
    mv "$name.part" "$name.json"
    rm -f "$name.log"
    echo "$network, $loss, seed $seed" >&2
    exit 0
fi

# ------------------------------------------------------------------------------------------------------------ All
gan=$1 folder=$2
seeds=${SEEDS:-1 2 3}
losses='non-saturating minimax least-squares hinge wasserstein relativistic relativistic-average'
networks='mlp:20 dcgan:6 resnet:4'
mkdir -p "$folder"
if [ ! -s "$folder/judge.safetensors" ]; then
    "$gan" train examples-c/data --recipe classifier --epochs 5 --seed 1 --out "$folder/judge.part" --force --quiet
    mv "$folder/judge.part" "$folder/judge.safetensors"
fi
for seed in $seeds; do
    for network in $networks; do
        for loss in $losses; do
            echo "--one"; echo "$gan"; echo "$folder"; echo "${network%:*}"; echo "$loss"; echo "$seed"; echo "${network#*:}"
        done
    done
done | xargs -n 7 -P "${JOBS:-$(getconf _NPROCESSORS_ONLN)}" sh "$0"

for network in $networks; do
    for loss in $losses; do
        for seed in $seeds; do
            printf '%s %s ' "${network%:*}" "$loss"
            tr -d '\n' < "$folder/${network%:*}-$loss-$seed.json"
            echo
        done
    done
done | awk -v shown='frechet-distance,kernel-distance,precision,recall,density,coverage,class-entropy' '
function value(line, name,   at) {
    at = index(line, "\"" name "\":")
    if (!at) return "none"
    line = substr(line, at + length(name) + 3)
    sub(/^ */, "", line)
    sub(/[,}].*/, "", line)
    return line + 0
}
function show(x) { return sprintf(x >= 100 ? "%.0f" : x >= 10 ? "%.1f" : x >= 1 ? "%.2f" : "%.3f", x) }
function finish(   i, mean, deviation, cell, line) {
    if (key == "") return
    split(key, part, " ")
    line = "| " part[1] " | " part[2] " |"
    for (i = 1; i <= columns; i++) {
        if (n == 0) { line = line " – |"; continue }
        mean = sum[i] / n
        deviation = n > 1 ? sqrt(square[i] / (n - 1)) : 0
        cell = show(mean)
        if (n > 1) cell = cell " ± " show(deviation)
        line = line " " cell " |"
    }
    print line (lost ? " " lost " of " (n + lost) " diverged |" : "")
}
BEGIN {
    columns = split(shown, name, ",")
    line = "| network | loss |"; rule = "| --- | --- |"
    for (i = 1; i <= columns; i++) { line = line " " name[i] " |"; rule = rule " --- |" }
    print line; print rule
}
{
    if ($1 " " $2 != key) {
        finish()
        key = $1 " " $2; n = 0; lost = 0
        for (i = 1; i <= columns; i++) sum[i] = square[i] = 0
    }
    if (value($0, name[1]) == "none") { lost++; next }
    n++
    # Mean and squares of what strays from it, as they grow (Welford 1962).
    for (i = 1; i <= columns; i++) {
        x = value($0, name[i])
        d = x - (n > 1 ? sum[i] / (n - 1) : 0)
        sum[i] += x
        square[i] += d * (x - sum[i] / n)
    }
}
END { finish() }' | tee "$folder/table.md"
