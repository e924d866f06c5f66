#!/bin/sh
# The extension in SQLite's own shell, as a person would use it; and the file itself: one, self-contained, exporting what
# SQLite looks for and nothing else.
# Usage: shell.sh EXTENSION SCRATCH-FOLDER
set -u
mkdir -p "$2"
extension=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") scratch=$(cd "$2" && pwd)
readme=$(pwd)/Sources/GanSQLite/README.md
passed=0 failed=0 skipped=0
rm -rf "$scratch"/*

result() { # result STATUS NAME
	if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "sqlite-shell: failed: $2" >&2; fi
}

finish() {
	if [ "$skipped" -gt 0 ]; then echo "sqlite-shell: $passed passed, $failed failed, $skipped skipped"; else echo "sqlite-shell: $passed passed, $failed failed"; fi
	[ "$failed" -eq 0 ]
	exit
}

# --- The file

[ "$(nm -D --defined-only "$extension" | awk '{ print $3 }' | sort | tr '\n' ' ')" = 'sqlite3_extension_init sqlite3_gan_init ' ]
result $? 'the exports are what SQLite looks for'
! readelf -d "$extension" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
	grep -vE '^(libc|libm|libstdc\+\+|libgcc_s|libz|libpng16|libpthread|libdl|ld-linux-x86-64|ld-linux-aarch64)\.so' >&2
result $? 'only the C family, libz and libpng are needed, and no SQLite'
! nm -D --undefined-only "$extension" | grep -i sqlite >&2
result $? "SQLite's functions are reached through its table alone"
! grep -hE '^(@[_a-z]+ )?import ' Sources/GanSQLite/*.swift | grep -vxE 'import (CGan|CSQLite|PluginSupport|Glibc|Darwin)' >&2
result $? "the sources import gan.h and SQLite's header alone"

if ! command -v sqlite3 >/dev/null 2>&1; then
	echo 'skipped: sqlite3 is not here'
	skipped=1
	finish
fi

# --- In the shell

cd "$scratch"
says() { # says NAME PATTERN SQL...   (all output matches the extended regular expression)
	name=$1 pattern=$2; shift 2
	sqlite3 -batch -bail -cmd ".load $extension" test.db "$@" >output 2>&1
	grep -qE "$pattern" output || { cat output >&2; false; }
	result $? "$name"
}

# Pictures of bars: 8 × 8 pixels, of which column or row i is light.
sqlite3 -batch test.db "
	CREATE TABLE bars(pixels BLOB);
	WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 199)
	INSERT INTO bars SELECT CAST(printf('%*s', 8 * (i % 8), '') || '~~~~~~~~' ||
		printf('%*s', 56 - 8 * (i % 8), '') AS BLOB) FROM n;"
result $? 'images in a table'

says 'the version' '^0\.[0-9]+\.[0-9]+$' 'SELECT gan_version()'
says 'training gives a row an epoch' '^1\|4\|.*;2\|8\|.*;3\|12\|.*;$' \
	"SELECT group_concat(epoch || '|' || step || '|' || (discriminator_loss < 0 AND generator_loss < 0 AND images_per_second > 0) || ';', '')
	FROM gan_train('SELECT pixels FROM bars', 3, 'bars.safetensors', 'batch-size=50; seed=3', 8, 8)"
says 'a picture' '^1$' \
	"SELECT writefile('one.png', gan_png('bars.safetensors', 7, 3)) > 60 AND hex(substr(readfile('one.png'), 1, 8)) = '89504E470D0A1A0A'"
says 'rows of samples' '^3\|8\|8\|1\|64,4\|8\|8\|1\|64,$' \
	"SELECT group_concat(\"index\" || '|' || width || '|' || height || '|' || channels || '|' || length(pixels) || ',', '')
	FROM gan_sample('bars.safetensors', 7, 2, 3)"
says 'a sample is the same wherever it is asked for' '^1$' \
	"SELECT min(pixels = gan_image('bars.safetensors', 7, \"index\")) FROM gan_sample('bars.safetensors', 7, 100)"
says 'a join over models' '^bars\.safetensors\|0,bars\.safetensors\|1,$' \
	"CREATE TABLE models(path TEXT); INSERT INTO models VALUES ('bars.safetensors')" \
	"SELECT group_concat(path || '|' || \"index\" || ',', '') FROM models, gan_sample(path, 1, 2)"
says 'a training goes on' '^4\|16,5\|20,$' \
	"SELECT group_concat(epoch || '|' || step || ',', '') FROM gan_resume('bars.safetensors', 'SELECT pixels FROM bars', 5, 'bars5.safetensors', '', 8, 8)"
says 'other images are told, in the log' 'gan_resume: the query does not give the images that "bars.safetensors" was trained on' \
	'.log stdout' "SELECT gan_resume('bars.safetensors', 'SELECT pixels FROM bars ORDER BY rowid DESC', 4, 'other.safetensors', '', 8, 8)"
says 'and the same images are not' '^16$' \
	'.log stdout' "SELECT gan_resume('bars.safetensors', 'SELECT pixels FROM bars', 4, 'same.safetensors', '', 8, 8)"
! grep -q 'does not give' output
result $? 'no word about the same images'
says 'a class of a model without' "no input 'label'; it has 'latents'" "SELECT gan_png('bars.safetensors', 7, 3, 'label=7')"
says 'a checkpoint as rows' '^3:trainer:12:64$' \
	"SELECT sum(value = '[64]') || ':' || max(CASE name WHEN 'kind' THEN value END) || ':' || max(CASE name WHEN 'step' THEN value END) || ':' ||
	(max(CASE name WHEN 'width' THEN value END) * 8) FROM gan_inspect('bars.safetensors')"
says 'the options as rows' '^integer\|100\|1 to 65536$' "SELECT type, \"default\", range FROM gan_options WHERE name = 'batch-size'"
says 'training on pictures that a model drew' '^2$' \
	"SELECT count(*) FROM gan_train('SELECT gan_png(''bars.safetensors'', 1, value) FROM generate_series(0, 149)', 2, 'again.safetensors')"
says 'a missing model' 'absent\.safetensors.*could not be opened' "SELECT gan_png('absent.safetensors', 1, 0)"
says 'a missing argument' "gan_sample\(model, seed, count.*needs its argument 'count'\." "SELECT * FROM gan_sample('bars.safetensors', 1)"
says 'a misspelt option' "no option 'bach-size'. Did you mean 'batch-size'\?" \
	"SELECT * FROM gan_train('SELECT pixels FROM bars', 1, 'x.safetensors', 'bach-size=3', 8, 8)"
cp "$extension" 'a name of its own.so'
sqlite3 -batch :memory: "SELECT load_extension('./a name of its own')" 'SELECT gan_version()' 2>&1 | grep -q '^0\.'
result $? 'a copy under another name'

# --- The lines of the README

mkdir faces
sqlite3 -batch -bail -cmd ".load $extension" test.db "SELECT count(writefile('faces/' || value || CASE value % 2 WHEN 1 THEN ' smile' ELSE '' END || '.png', gan_png('bars.safetensors', 1, value))) FROM generate_series(0, 49)" >output 2>&1
cp "$extension" libgansqlite.so
sed -n 's/^    //p' "$readme" >readme.sql
LD_LIBRARY_PATH=$scratch sqlite3 -batch -bail readme.db <readme.sql >output 2>&1 && [ -s face.png ] && [ -s smile.png ] &&
	[ "$(grep -c '^[0-9]*|8|8|1|64$' output)" -eq 64 ] && grep -q '^140|140$' output && grep -q '^batch-size|100|' output || { tail -n 20 output >&2; false; }
result $? 'the lines of the README'

# --- Ctrl-C

# A training without end: the rows of finished epochs come, an interruption ends it, and the last checkpoint draws.
sqlite3 -batch -cmd ".load $extension" test.db \
	"SELECT epoch FROM gan_train('SELECT pixels FROM bars', 1000000000, 'stopped.safetensors', 'batch-size=50', 8, 8)" \
	"SELECT 'after'" >lines 2>told &
process=$!
waited=0
while [ "$waited" -lt 100 ] && [ ! -s stopped.safetensors ]; do sleep 0.1; waited=$((waited + 1)); done
kill -INT $process
waited=0
while [ "$waited" -lt 50 ] && kill -0 $process 2>/dev/null; do sleep 0.1; waited=$((waited + 1)); done
! kill -KILL $process 2>/dev/null && grep -qi 'interrupted' told
result $? 'Ctrl-C stops a training'
says 'and leaves the checkpoint of the last epoch' '^64$' "SELECT length(gan_image('stopped.safetensors', 1, 0))"

# --- Memory

if command -v valgrind >/dev/null 2>&1; then
	cat >leaks.sql <<SQL
.load $extension
SELECT count(*) FROM gan_train('SELECT pixels FROM bars', 2, 'leaks.safetensors', 'batch-size=50; threads=1', 8, 8);
SELECT count(*) FROM (SELECT * FROM gan_train('SELECT pixels FROM bars', 9, 'leaks.safetensors', 'batch-size=50; threads=1', 8, 8) LIMIT 1);
SELECT length(gan_png('leaks.safetensors', 1, 2)), length(gan_image('leaks.safetensors', 1, 2)), sum(length(pixels)) FROM gan_sample('leaks.safetensors', 1, 5);
SELECT gan_png('absent', 1, 2);
SELECT gan_train('SELECT pixels FROM bars', 2, 'leaks.safetensors', 'batch-size=50; threads=1', 8, 8);
SELECT count(*) FROM gan_resume('leaks.safetensors', 'SELECT pixels FROM bars', 3, NULL, 'threads=1', 8, 8);
SELECT gan_resume('leaks.safetensors', 'SELECT pixels FROM bars', 3, NULL, '', 8, 8), gan_train(1, 2, 3);
SELECT count(value) > 30 FROM gan_inspect('leaks.safetensors') UNION ALL SELECT count(summary) > 20 FROM gan_options;
SELECT * FROM gan_inspect('absent');
SELECT * FROM gan_sample('leaks.safetensors', 1, 'x');
SELECT * FROM gan_sample;
SELECT * FROM gan_train('SELECT 1', 1, 'x');
SELECT * FROM gan_train('SELECT pixels FROM bars', 1, '/no/such/folder/x', '', 8, 8);
SELECT * FROM gan_train('SELECT pixels FROM bars LIMIT 3', 1, 'x', '', 8, 8);
SELECT * FROM gan_train('SELECT pixels FROM bars', 1, 'x', 'a=b', 8, 8);
SQL
	# How the dynamic loader compares strings is not ours to judge.
	printf '{\nloader\nMemcheck:Addr8\nfun:strncmp\nfun:is_dst\n}\n' >loader.supp
	valgrind -q --suppressions=loader.supp --leak-check=full --errors-for-leak-kinds=definite --show-leak-kinds=definite --error-exitcode=99 \
		sqlite3 -batch test.db <leaks.sql >leaks 2>&1
	[ $? -ne 99 ] && [ "$(grep -c '^==' leaks)" -eq 0 ] && grep -qx 2 leaks && grep -q '|64|320$' leaks || { cat leaks >&2; false; }
	result $? 'no leaks, no access out of bounds'
else
	echo 'skipped: leaks (no valgrind)'
	skipped=$((skipped + 1))
fi
finish
