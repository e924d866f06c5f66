#!/bin/sh
# The frei0r plugins, a source and a filter: the files themselves, hosts of our own (see host.c and filter.c), ffmpeg and melt.
# Usage: run.sh PLUGIN HOST-PROGRAM MODEL SCRATCH-FOLDER      (the filter's plugin and host program are beside the source's)
set -u
mkdir -p "$4"
here() { echo "$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"; }
plugin=$(here "$1") host=$(here "$2") model=$(here "$3") scratch=$(cd "$4" && pwd)
filter=$(dirname "$plugin")/gan_apply.so filter_host=$(dirname "$host")/filter
gan=$(cd "$(dirname "$plugin")/../bin" 2>/dev/null && pwd)/gan
readme=$(pwd)/Sources/GanFrei0r/README.md
passed=0 failed=0 skipped=0
rm -rf "$scratch"/*

result() { # result STATUS NAME
	if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "frei0r: failed: $2" >&2; fi
}

# --- The file

for file in "$plugin" "$filter"; do
	[ "$(nm -D --defined-only "$file" | awk '{ print $3 }' | LC_ALL=C sort | tr '\n' ' ')" = \
		'f0r_construct f0r_deinit f0r_destruct f0r_get_param_info f0r_get_param_value f0r_get_plugin_info f0r_init f0r_set_param_value f0r_update ' ]
	result $? "the exports are frei0r's: ${file##*/}"
	! readelf -d "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
		grep -vE '^(libc|libm|libstdc\+\+|libgcc_s|libz|libpng16|libpthread|libdl|ld-linux-x86-64|ld-linux-aarch64)\.so' >&2
	result $? "only the C family, libz and libpng are needed: ${file##*/}"
	readelf -d "$file" | grep -q NODELETE
	result $? "the plugin is never unloaded: ${file##*/}"
done
! grep -hE '^(@[_a-z]+ )?import ' Sources/GanFrei0r/Shared/*.swift Sources/GanFrei0r/Walk/*.swift Sources/GanFrei0r/Apply/*.swift Sources/PluginSupport/*.swift |
	grep -vxE 'import (CGan|CFrei0r|Frei0rPlugin|Drawing|PluginSupport|Glibc|Darwin)' >&2
result $? "the sources import gan.h, frei0r's header and what draws letters"

# --- Our own host

summary() { # summary NAME COMMAND...   (adds what a program of tests counts)
	name=$1; shift
	"$@" >"$scratch/host.log" 2>&1
	status=$?
	line=$(grep -E '^frei0r-host: [0-9]+ passed, [0-9]+ failed' "$scratch/host.log" | tail -n 1)
	set -- $(echo "$line" | sed -E 's/^[^:]*: ([0-9]+) passed, ([0-9]+) failed.*/\1 \2/')
	passed=$((passed + ${1:-0})) failed=$((failed + ${2:-1}))
	if [ $status -ne 0 ]; then
		cat "$scratch/host.log" >&2
		[ "${2:-1}" -gt 0 ] || failed=$((failed + 1))
		echo "frei0r: failed: $name" >&2
	fi
}
summary 'our host' "$host" "$plugin"
summary 'our host of the filter' "$filter_host" "$filter"
if command -v valgrind >/dev/null 2>&1; then
	printf '{\nloader\nMemcheck:Addr8\nfun:strncmp\nfun:is_dst\n}\n' >"$scratch/loader.supp"
	summary 'our host in valgrind' valgrind -q --suppressions="$scratch/loader.supp" --leak-check=full \
		--errors-for-leak-kinds=definite --show-leak-kinds=definite --error-exitcode=99 "$host" "$plugin"
	summary 'our host of the filter in valgrind' valgrind -q --suppressions="$scratch/loader.supp" --leak-check=full \
		--errors-for-leak-kinds=definite --show-leak-kinds=definite --error-exitcode=99 "$filter_host" "$filter"
else
	echo 'skipped: leaks (no valgrind)'
	skipped=$((skipped + 1))
fi

# --- ffmpeg

FREI0R_PATH=$(dirname "$plugin") MLT_FREI0R_PLUGIN_PATH=$FREI0R_PATH
export FREI0R_PATH MLT_FREI0R_PLUGIN_PATH
cd "$scratch"
cp "$model" digits.safetensors
LD_LIBRARY_PATH= "$host" "$plugin" "$scratch" >models.log 2>&1 || cat models.log >&2
[ -s labelled.safetensors ] && [ -s coded.safetensors ]
result $? 'models with classes and with codes'
LD_LIBRARY_PATH= "$filter_host" "$filter" "$scratch" >models.log 2>&1 || cat models.log >&2
[ -s colours.safetensors ] && [ -s fill.safetensors ] && [ -s sr.safetensors ]
result $? 'models that colour, fill and enlarge'

film() { # film SIZE PARAMETERS FRAMES [FILTER]: the checksum of each frame, as text
	ffmpeg -v error -nostdin -f lavfi -i "frei0r_src=size=$1:framerate=25:filter_name=gan:filter_params=$2${4:+,$4}" \
		-frames:v "$3" -f framemd5 - 2>ffmpeg.log | grep -v '^#'
}

if ffmpeg -hide_banner -h filter=frei0r_src 2>/dev/null | grep -q filter_name; then
	film 320x180 'digits.safetensors|0.007|0.25|0.25|0.5|1' 50 >once
	[ "$(wc -l <once)" -eq 50 ] && [ "$(awk -F', *' '$5 != 320 * 180 * 4' once | wc -l)" -eq 0 ]
	result $? 'ffmpeg: fifty frames of the size that was asked for'
	[ "$(awk -F', *' '{ print $6 }' once | sort -u | wc -l)" -eq 50 ]
	result $? 'ffmpeg: each frame differs from the others'
	film 320x180 'digits.safetensors|0.007|0.25|0.25|0.5|1' 50 >again
	cmp once again
	result $? 'ffmpeg: the same film again'
	film 320x180 'digits.safetensors|0.008|0.25|0.25|0.5|1' 50 >other
	! cmp -s once other
	result $? 'ffmpeg: another seed, another film'
	film 320x180 'digits.safetensors|0.007|0|0.25|0.5|1' 5 >still
	[ "$(awk -F', *' '{ print $6 }' still | sort -u | wc -l)" -eq 1 ]
	result $? 'ffmpeg: speed 0 stands still'

	# A film's own distance from frame to frame, as ffmpeg measures it, and from frames five seconds away.
	ffmpeg -v info -nostdin -f lavfi -i "frei0r_src=size=160x120:framerate=25:filter_name=gan:filter_params=digits.safetensors|0|0.25|0.25" \
		-filter_complex '[0]format=gray,split=3[a][b][c];[a]trim=start_frame=1:end_frame=50,setpts=PTS-STARTPTS[near];[b]trim=start_frame=125:end_frame=174,setpts=PTS-STARTPTS[far];[c]trim=end_frame=49,setpts=PTS-STARTPTS,split[c1][c2];[c1][near]psnr[x];[c2][far]psnr[y]' \
		-map '[x]' -map '[y]' -f null - >psnr.log 2>&1
	near=$(grep -o 'average:[0-9.]*' psnr.log | cut -d: -f2 | sort -n | tail -n 1) far=$(grep -o 'average:[0-9.]*' psnr.log | cut -d: -f2 | sort -n | head -n 1)
	awk -v near="${near:-0}" -v far="${far:-99}" 'BEGIN { exit !(near > far + 8) }' || { cat psnr.log >&2; false; }
	result $? "ffmpeg: neighbouring frames are alike ($near dB), distant ones are not ($far dB)"

	ffmpeg -v error -nostdin -f lavfi -i "frei0r_src=size=160x120:framerate=25:filter_name=gan:filter_params=digits.safetensors|0.001" \
		-f lavfi -i "frei0r_src=size=160x120:framerate=25:filter_name=gan:filter_params=digits.safetensors|0.002|1|0.25|1" \
		-filter_complex '[0][1]hstack,format=rgba' -frames:v 20 -f framemd5 - 2>ffmpeg.log | grep -v '^#' >pair
	[ "$(wc -l <pair)" -eq 20 ] && [ "$(awk -F', *' '$5 != 320 * 120 * 4' pair | wc -l)" -eq 0 ]
	result $? 'ffmpeg: two instances side by side'

	for parameters in '' absent.safetensors /etc/passwd 'digits.safetensors|nan|1e300|-5|7|-1e-300'; do
		film 320x180 "$parameters" 3 >wrong
		[ "$(wc -l <wrong)" -eq 3 ]
		result $? "ffmpeg: frames in spite of '$parameters'"
	done
	ffmpeg -v error -nostdin -y -f lavfi -i 'frei0r_src=size=640x360:framerate=25:filter_name=gan:filter_params=absent.safetensors' \
		-frames:v 1 -pix_fmt gray -f rawvideo absent.raw
	light=$(tr -d '\000-\310' <absent.raw | wc -c)
	[ "$light" -gt 3000 ] && [ "$light" -lt 60000 ]
	result $? "ffmpeg: a missing model is told in letters ($light light pixels)"

	film 64x64 'digits.safetensors|7' 1 >seventh
	film 64x64 'digits.safetensors|1' 1 >last
	film 64x64 'digits.safetensors|8' 1 >eighth
	! cmp -s seventh last && ! cmp -s seventh eighth && [ "$(wc -l <seventh)" -eq 1 ]
	result $? 'ffmpeg: a seed of 7 is told, and is not seed 1000'

	# Classes and codes, in the way that the README writes them. A comma ends a filter, unless a backslash stands before it.
	film 32x32 'labelled.safetensors|0.007|0.25|0|0|0|cat' 5 >by.name
	film 32x32 'labelled.safetensors|0.007|0.25|0|0|0|1' 5 >by.number
	film 32x32 'labelled.safetensors|0.007|0.25|0|0|0||label=cat' 5 >by.input
	film 32x32 'labelled.safetensors|0.007|0.25|0|0|0|bird' 5 >by.other
	[ "$(wc -l <by.name)" -eq 5 ] && cmp by.name by.number && cmp by.name by.input && ! cmp -s by.name by.other
	result $? 'ffmpeg: a class by its name, its number and among the inputs'
	film 32x32 'coded.safetensors|0.007|0.25|0|0|0||c1=2&c2=0.5&c3=-1' 5 >by.ampersand
	film 32x32 'coded.safetensors|0.007|0.25|0|0|0||c1=2\,c2=0.5\,c3=-1' 5 >by.comma
	film 32x32 'coded.safetensors|0.007|0.25|0|0|0||c1=2&c3=-1' 5 >by.sweep
	[ "$(wc -l <by.comma)" -eq 5 ] && cmp by.ampersand by.comma && ! cmp -s by.ampersand by.sweep
	result $? 'ffmpeg: codes that are held, and one that goes back and forth'
	film 640x360 'labelled.safetensors|0.007|0.25|0|0|0|zebra' 3 >zebra
	[ "$(awk -F', *' '{ print $6 }' zebra | sort -u | wc -l)" -eq 1 ]
	result $? 'ffmpeg: a class that is not there is told'

	# How fast, for those who read the log; a slow machine is no failure.
	ffmpeg -hide_banner -nostdin -benchmark -f lavfi -i 'frei0r_src=size=1920x1080:framerate=60:filter_name=gan:filter_params=digits.safetensors|0.007|0.25|0.25|0.5|1' \
		-frames:v 120 -f null - 2>&1 | sed -n 's/^bench: utime.*rtime=\([0-9.]*\)s.*/\1/p' |
		awk '{ printf "1920x1080, 32 images a frame: %.0f frames a second\n", 120 / $1 }'
else
	echo 'skipped: ffmpeg with frei0r_src is not here'
	skipped=$((skipped + 1))
fi

filtered() { # filtered SIZE PARAMETERS FRAMES: the checksum of each frame, as text
	ffmpeg -v error -nostdin -f lavfi -i "testsrc2=size=$1:rate=25" -vf "format=rgba,frei0r=gan_apply:$2" -frames:v "$3" -f framemd5 - 2>ffmpeg.log | grep -v '^#'
}

if ffmpeg -hide_banner -h filter=frei0r 2>/dev/null | grep -q filter_name; then
	filtered 96x64 'colours.safetensors|0' 3 >untouched
	ffmpeg -v error -nostdin -f lavfi -i testsrc2=size=96x64:rate=25 -vf format=rgba -frames:v 3 -f framemd5 - 2>ffmpeg.log | grep -v '^#' >plain
	[ "$(wc -l <plain)" -eq 3 ] && cmp untouched plain
	result $? 'ffmpeg: a strength of 0 changes nothing'
	for parameters in colours.safetensors 'colours.safetensors|0.5' 'colours.safetensors|1|||0.007' 'colours.safetensors|1||||0.0625|0.5' sr.safetensors \
		'sr.safetensors|1||||0|1' 'fill.safetensors|1||20&10&30&30' absent.safetensors 'fill.safetensors|1||20&10'; do
		filtered 96x64 "$parameters" 3 >once
		filtered 96x64 "$parameters" 3 >again
		[ "$(wc -l <once)" -eq 3 ] && [ "$(awk -F', *' '$5 != 96 * 64 * 4' once | wc -l)" -eq 0 ] && cmp once again && ! cmp -s once plain
		result $? "ffmpeg: the filter with '$parameters'"
	done
	# Like the command's own, on the same picture. A channel that the model does not have may differ by rounding, and none here does.
	ffmpeg -v error -nostdin -y -f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 1 -pix_fmt rgb24 frame.png
	for model in colours fill; do
		[ -x "$gan" ] || continue
		box=; [ "$model" = fill ] && box='20&10&30&30'
		ffmpeg -v error -nostdin -y -i frame.png -vf "format=rgba,frei0r=gan_apply:$model.safetensors|1||$box" -frames:v 1 -pix_fmt rgb24 -f rawvideo filter.raw
		"$gan" apply "$model.safetensors" frame.png applied.png --force -q ${box:+--box 20,10,30,30} && ffmpeg -v error -nostdin -y -i applied.png -pix_fmt rgb24 -f rawvideo applied.raw
		cmp filter.raw applied.raw
		result $? "ffmpeg: what gan apply makes, with the model $model"
	done
	ffmpeg -hide_banner -nostdin -benchmark -f lavfi -i testsrc2=size=640x480:rate=25 -vf 'format=rgba,frei0r=gan_apply:colours.safetensors' -frames:v 50 -f null - 2>&1 |
		sed -n 's/^bench: utime=\([0-9.]*\)s.*rtime=\([0-9.]*\)s.*/\1 \2/p' |
		awk '{ printf "640x480, a U-Net of 4 channels: %.0f frames a second, %.0f ms of a processor each\n", 50 / $2, 1000 * $1 / 50 }'
fi

# --- melt

if command -v melt >/dev/null 2>&1 && melt -query producers 2>/dev/null | grep -q frei0r.gan; then
	melt -query producer=frei0r.gan >about 2>/dev/null
	[ "$(grep -cE 'title: (Model|Seed|Speed|Columns|Colour map|Smoothing|Label|Inputs)$' about)" -eq 8 ]
	result $? 'melt lists the parameters'
	[ "$(grep -c '^    description: .' about)" -eq 8 ] && [ "$(grep -c '^    minimum: 0$' about)" -eq 5 ] && [ "$(grep -c '^    maximum: 1$' about)" -eq 5 ] &&
		[ "$(sed -n 's/^    default: //p' about | tr '\n' ' ')" = '0 0.25 0 0 1 ' ] && grep -qx 'type: producer' about && grep -q '^description: Images' about
	result $? 'melt knows what each means, its range and its default'
	for run in 1 2; do
		melt -silent frei0r.gan 0=digits.safetensors 1=0.007 3=0.25 out=24 -consumer avformat:melt$run.avi vcodec=rawvideo pix_fmt=rgba an=1 \
			real_time=-1 width=320 height=240 frame_rate_num=25 frame_rate_den=1 progressive=1 sample_aspect_num=1 sample_aspect_den=1 >melt.log 2>&1
	done
	size=$(wc -c <melt1.avi)
	[ "$size" -gt $((25 * 320 * 240 * 4)) ] && [ "$size" -lt $((25 * 320 * 240 * 4 + 20000)) ]
	result $? "melt: 25 frames of 320x240 ($size bytes)"
	cmp melt1.avi melt2.avi
	result $? 'melt: the same film again'
	if command -v ffmpeg >/dev/null 2>&1; then
		ffmpeg -v error -nostdin -i melt1.avi -f framemd5 - | grep -v '^#' | awk -F', *' '{ print $6 }' >melt.frames
		film 320x240 'digits.safetensors|0.007|0.25|0.25' 25 | awk -F', *' '{ print $6 }' >ffmpeg.frames
		cmp melt.frames ffmpeg.frames
		result $? 'melt shows what ffmpeg shows'
	fi
	for way in 6=cat 6=1 7=label=cat 6=bird; do
		melt -silent frei0r.gan 0=labelled.safetensors 1=0.007 $way out=9 -consumer avformat:label.avi vcodec=rawvideo pix_fmt=rgba an=1 \
			real_time=-1 width=64 height=64 frame_rate_num=25 frame_rate_den=1 progressive=1 sample_aspect_num=1 sample_aspect_den=1 >melt.log 2>&1
		mv label.avi "label.$way.avi"
	done
	cmp label.6=cat.avi label.6=1.avi && cmp label.6=cat.avi label.7=label=cat.avi && ! cmp -s label.6=cat.avi label.6=bird.avi
	result $? 'melt: a class by its name, its number and among the inputs'
	melt -silent frei0r.gan 0=absent.safetensors out=2 -consumer avformat:absent.avi vcodec=rawvideo pix_fmt=rgba an=1 real_time=-1 width=320 height=240 >melt.log 2>&1 &&
		[ -s absent.avi ]
	result $? 'melt: frames in spite of a missing model'
	melt -query filter=frei0r.gan_apply >about 2>/dev/null
	[ "$(grep -cE 'title: (Model|Strength|Mask|Box|Seed|Tile|Size)$' about)" -eq 7 ] && grep -qx 'type: filter' about
	result $? "melt lists the filter's parameters"
	for way in 0=colours.safetensors '0=fill.safetensors 3=10,10,20,20' 1=0; do
		melt -silent color:#406080 out=4 -filter frei0r.gan_apply $way -consumer avformat:filtered.avi vcodec=rawvideo pix_fmt=rgba an=1 \
			real_time=-1 width=64 height=64 frame_rate_num=25 frame_rate_den=1 progressive=1 sample_aspect_num=1 sample_aspect_den=1 >melt.log 2>&1 &&
			[ "$(wc -c <filtered.avi)" -gt $((5 * 64 * 64 * 4)) ]
		result $? "melt: the filter with $way"
		md5sum <filtered.avi >"filtered.${way%% *}"
	done
	! cmp -s filtered.0=colours.safetensors filtered.0=fill.safetensors
	result $? 'melt: each model makes a film of its own'
else
	echo 'skipped: melt is not here'
	skipped=$((skipped + 1))
fi

# --- The lines of the README, a line each; ffplay wants a screen. Two seconds are as good as sixteen.

sed -n 's/^    \( *[^ ].*\)/\1/p' "$readme" | sed -e :a -e '/\\$/N; s/\\\n *//; ta' | sed -E 's/-t [0-9]+/-t 2/; s/out=[0-9]+/out=49/' >lines
[ "$(wc -l <lines)" -ge 5 ]
result $? 'README.md has lines'
mkdir readme && cp digits.safetensors readme && cp labelled.safetensors readme/animals.safetensors && cp colours.safetensors fill.safetensors sr.safetensors readme &&
	ffmpeg -v error -nostdin -f lavfi -i testsrc2=size=96x64:rate=25 -t 0.4 -pix_fmt yuv420p readme/film.mp4 2>ffmpeg.log && cd readme
while read -r line; do
	program=${line%% *} file=$(echo "$line" | grep -o '[a-z]*\.mp4$')
	[ "$program" != ffplay ] && command -v "$program" >/dev/null 2>&1 || continue
	case $program in ffmpeg) quiet="ffmpeg -v error -nostdin" ;; melt) quiet="melt -silent" ;; esac
	(eval "$quiet ${line#* }") >../readme.log 2>&1 </dev/null && [ -s "$file" ]
	status=$?
	[ $status -eq 0 ] || cat ../readme.log >&2
	result $status "README.md: $line"
done <../lines
cd ..

if [ "$skipped" -gt 0 ]; then echo "video: $passed passed, $failed failed, $skipped skipped"; else echo "video: $passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]
