# What gan.rb promises beyond digits.rb: nothing is cut or wrapped, errors cross processes, signals arrive, and what a program
# rarely uses works too.
#
#     ruby behaviour.rb CHECKPOINT OUTPUT DIGITS
require "gan"
require "pathname"
require "timeout"

checkpoint, output, data = ARGV[0], Pathname(ARGV[1]), ARGV[2]
$passed = $failed = 0

def check(good, what)
  good ? $passed += 1 : $failed += 1
  warn "ruby: failed: #{what}" unless good
end

def refused(kind, what)
  yield
  check(false, "#{what}: no error")
rescue Exception => error
  check(error.instance_of?(kind) && !error.message.empty?, "#{what}: #{error.inspect}")
end

generator = Gan::Generator.load(checkpoint)
sampler = generator.sampler
latents, images = sampler.latents(7, 0, 2), sampler.draw(7, 0, 2)

# Arrays.
check(sampler.decode(latents.unpack("e*")) == images && sampler.decode_bytes(latents) == sampler.draw_bytes(7, 0, 2), "latents in an array, and to bytes")
refused(TypeError, "words are no numbers") { sampler.decode(["one"] * 128) }
refused(ArgumentError, "a latent is short") { sampler.decode([0.0] * 127) }
refused(ArgumentError, "three bytes are no float") { sampler.decode("abc") }
refused(RangeError, "300 is no byte") { Gan::Dataset.from_bytes([300, 0], 1, 1) }
refused(TypeError, "0.5 is no byte") { Gan::Dataset.from_bytes([0.5, 0], 1, 1) }
refused(RangeError, "2^32 is no label") { Gan::Dataset.from_bytes("ab", 1, 1, labels: [0, 2**32]) }
refused(TypeError, "1.5 is no label") { Gan::Dataset.from_bytes("ab", 1, 1, labels: [0, 1.5]) }
check(Gan::Dataset.from_bytes([0, 255], 1, 1).read(0, 2) == [0, 1], "bytes in an array")

# Integers.
{
  "a seed of 65 bits" => -> { sampler.draw(2**64 + 5, 0, 1) },
  "a negative seed" => -> { sampler.draw(-1, 0, 1) },
  "a first sample of 64 bits" => -> { sampler.draw(7, 2**63, 1) },
  "columns of 33 bits" => -> { sampler.png(7, 0, 4, columns: 2**32 + 2) },
  "steps of 65 bits" => -> { Gan::Trainer.open(Gan::Dataset.open(data)).step(2**64 + 1) },
  "a height of 33 bits" => -> { Gan::Dataset.from_bytes("ab" * (2**16 + 1), 2**32 + 1, 1) },
  "a value of 64 bits" => -> { Gan::Options.open.set_integer("seed", 2**63) },
}.each do |what, call|
  next refused(ArgumentError, what, &call) if what.include?("height") # so many bytes are no such image
  refused(RangeError, what, &call)
end
refused(TypeError, "a seed that is not whole") { sampler.draw(7.5, 0, 1) }
whole = Gan::Options.open({ "seed" => 7.0, "generator.hidden" => [8.0, 4] }) { |options| [options["seed"], options["generator.hidden"]] }
check(whole == ["7", "8,4"], "a number that is whole is so in any type: #{whole}")
refused(TypeError, "half a step") { Gan::Trainer.open(Gan::Dataset.open(data)).step(0.5) }
refused(TypeError, "half a column") { sampler.png(7, 0, 4, columns: 2.5) }
refused(Gan::Error, "a count below zero") { sampler.draw(7, 0, -1) }

# Strings.
{
  "load" => -> { Gan::Generator.load("#{checkpoint}\0x") }, "open" => -> { Gan::Dataset.open("#{data}\0x") },
  "save" => -> { generator.save("#{output}/nul\0x") }, "set" => -> { Gan::Options.open("seed" => "7\0x") },
  "get" => -> { Gan::Options.open["seed\0x"] }, "open_idx" => -> { Gan::Dataset.open_idx("m", "m\0x") },
}.each { |what, call| refused(ArgumentError, "#{what} takes no byte 0", &call) }
check(!(output / "nul").exist?, "nothing was written")
refused(TypeError, "a path is no number") { Gan::Generator.load(7) }

# What digits.rb does not use.
options = Gan::Options.open
options.set_integer("seed", 2**62 + 1)
options.set_real("generator.learning-rate", 0.25)
check(options["seed"] == (2**62 + 1).to_s && options["generator.learning-rate"] == "0.25", "options are set from numbers")
described = Gan.describe_options.to_h { |option| [option.name, option] }
check(described["batch-size"].minimum == 1 && described["preset"].minimum.nil? && !described["loss"].summary.empty?, "options are described")
check(Gan.describe_metrics.key?("generator.loss") && Gan.version_number >= 100, "metrics and the version")
sampler.write_idx(output / "written.idx", 7, 0, 4)
sampler.write_npy(output / "written.npy", 7, 0, 2)
check(Gan::Dataset.open_idx(output / "written.idx").shape == [4, 28, 28, 1] && (output / "written.npy").binread.end_with?(images), "IDX and NumPy files")
check(Gan.decode_png(sampler.png(7, 0, 1, columns: 1, margin: 0)) == [sampler.draw_bytes(7, 0, 1), [28, 28, 1]], "a PNG is decoded")
Gan.write_png(output / "again.png", sampler.draw_bytes(7, 0, 64), 28, 28)
check((output / "again.png").binread == sampler.png(7, 0, 64), "a PNG of the caller's pixels")
Gan::Checkpoint.open(checkpoint) do |file|
  weight = file.tensors.find { |tensor| tensor.name == "generator.1.weight" }
  check(weight&.type == "F32" && file.read("generator.1.weight").bytesize == 4 * 256 * 256, "and gives their numbers")
  check(weight&.shape == [256, 256] && file.text("kind") == "trainer" && file.option("seed") == "7", "a checkpoint tells what it holds")
end
check(Gan.decode_image(sampler.png(7, 0, 1, columns: 1, margin: 0)).first == sampler.draw_bytes(7, 0, 1), "a picture is decoded")
numbers, shape, depth = Gan.decode_image_floats(sampler.png(7, 0, 1, columns: 1, margin: 0))
again, _, deep = Gan.decode_image_floats(Gan.encode_png(numbers, *shape, depth: 16))
check(depth == 8 && deep == 16 && numbers.unpack("e*").zip(again.unpack("e*")).all? { |a, b| (a - b).abs < 1e-5 }, "numbers go into a picture and out")
cell = Gan.shape_mesh([1], 1, 1, 1)
check(cell.positions.bytesize == 72 && cell.normals.bytesize == 72 && cell.triangles.unpack("l*").sort.uniq == [*0..5], "a volume becomes a mesh")
check(Gan.shape_mesh([0, 0], 1, 2, 1).triangles.empty?, "an empty one has no triangles")
check(Gan.shape_render([1], 1, 1, 1, side: 8).bytes.min < 255, "and a picture")
Gan.shape_write(output / "cell.obj", [1], 1, 1, 1)
refused(ArgumentError, "too few cells") { Gan.shape_mesh([1, 1], 1, 1, 1) }
refused(Gan::Error, "a format that there is not") { Gan.shape_write(output / "cell.ply", [1], 1, 1, 1) }
check(described["seed"].condition == "" && described["generator.channels"].condition != "", "options tell when they matter")
Gan::Dataset.open(data) do |digits|
  check(digits.class_names == ("0".."9").to_a, "classes have names")
  saved, file = Gan::Trainer.open(digits), output / "memory.safetensors"
  saved.save(file)
  saved.check_save(file)
  refused(Gan::Error, "a folder that is not there") { saved.check_save(output / "no/such/file") }
  check(file.binread == saved.to_bytes, "a checkpoint in memory is the file")
  check(Gan::Trainer.from_bytes(saved.to_bytes, digits).data == :same, "a training goes on from memory")
end
check(Gan::Generator.from_bytes(generator.to_bytes).sampler.draw(7, 0, 2) == images, "a generator in memory")
check(generator.sampler.draw(7, 5, 3000) == (0...3).map { |part| sampler.draw(7, 5 + 1000 * part, 1000) }.join, "images in pieces are the same images")

stacked = Gan::Dataset.make("stacked", 6, 1, from: Gan::Dataset.make("digits", 20))
stacked.write(output / "stacked.idx", output / "stacked-labels.idx")
written = Gan::Dataset.open_idx(output / "stacked.idx", output / "stacked-labels.idx")
check(Gan.made_data["ring"].size > 20 && stacked.classes == 1000 && written.read_labels(0, 6) == stacked.read_labels(0, 6) && written.read(0, 6) == stacked.read(0, 6), "data are made, written and read")

# What samples are made of besides chance; sample i has class i mod 2 unless it is told.
recipes = Gan.recipes.to_h { |recipe| [recipe.name, recipe] }
check(recipes["infogan"].options.include?("info.categories") && recipes["gan"].options.include?("condition"), "recipes are listed")
check(recipes.values.all? { |recipe| recipe.summary.size > 20 && recipe.paper.size > 20 }, "recipes say what they are")
told = Gan::Trainer.open(Gan::Dataset.from_bytes((0...200).to_a * 2, 2, 1, labels: [0, 1] * 100), condition: "labels")
told.step(2)
check(told.metrics.include?("generator.loss") && told.metrics.all? { |name| told.metric(name).is_a?(Float) }, "a trainer lists its metrics")
of_labels = told.generator
check(of_labels.inputs.map(&:to_a) == [["latents", "latent", of_labels.latent_size, []], ["label", "label", 1, %w[0 1]]], "a generator lists its inputs")
by_label = of_labels.sampler
free = by_label.draw(7, 0, 2)
by_label.set("label", "1")
set = by_label.draw(7, 0, 2)
check(set[0, 8] != free[0, 8] && set[8, 8] == free[8, 8], "an input is set")
[[nil, free], [1, set], ["", free], [1.0, set], [[0, 1], free], [[1], set], ["0,1", free]].each do |value, expected|
  by_label.set("label", value)
  check(by_label.draw(7, 0, 2) == expected, "an input is set to #{value.inspect}")
end
by_label.set("latents", by_label.latents(7, 1, 1).unpack("e*"))
by_label.set("label", 1)
check(by_label.draw(9, 0, 1) == free[8, 8], "latents are set, too")
refused(Gan::Error, "a class that is not there") { by_label.set("label", "2") }
refused(Gan::Error, "a class's number that is not there") { by_label.set("label", [2]) }
refused(Gan::Error, "an input that is not there") { by_label.set("labels", "1") }
refused(ArgumentError, "an input takes no byte 0") { by_label.set("label", "1\0") }
begin
  Gan::Generator.load("no-such-file")
rescue Gan::Error => error
  copy = Marshal.load(Marshal.dump(error))
  check([copy.status, copy.name, copy.message] == [-30, "GAN_E_NOT_FOUND", error.message], "an error crosses processes")
end
told = IO.popen({ "GAN_LIBRARY" => "/no/such/libgan.so" }, ["ruby", "-I#{File.dirname($LOADED_FEATURES.grep(/gan\.rb$/).first)}", "-e", "require 'gan'", err: [:child, :out]], &:read)
check(told.include?("libgan cannot be loaded") && told.include?("GAN_LIBRARY="), "a missing library is explained")

# Callbacks.
filled = 0
set = Gan::Dataset.from_callback(1000, 1, 1) { |indices| filled += indices.size; indices.map { |index| index / 1000.0 } }
check((set.read(500, 1)[0] - 0.5).abs < 1e-6, "a block's images are read")
trainer = Gan::Trainer.open(set)
set.close
set = nil
3.times { GC.start }
trainer.step(2)
check(filled == 201, "a block fills batches")
broken = Gan::Dataset.from_callback(1000, 1, 1) { raise KeyError, "mine" }
refused(KeyError, "its exception comes out of step") { Gan::Trainer.open(broken).step }
refused(KeyError, "and out of run") { Gan::Trainer.open(broken).run(1) }
refused(KeyError, "and out of read") { broken.read(0, 1) }
refused(ArgumentError, "a block that gives too little") { Gan::Dataset.from_callback(1000, 1, 1) { [0.0] }.read(0, 2) }

# Signals and time limits, in whatever the library does.
# Measures, a classifier, and an evaluation of features whose distance is known.
halves = Gan::Dataset.from_bytes(Array.new(40 * 64) { |i| i / 64 % 2 == i % 64 / 32 ? 255 : 0 }, 8, 8, labels: Array.new(40) { |i| i % 2 })
judged = Gan::Trainer.open(halves, recipe: "classifier", "classifier.channels" => 2, "batch-size" => 10)
judged.run(2)
judged.save(File.join(output, "judge"))
judge = judged.classifier
check(judge.class_names == %w[0 1] && judge.shape == [8, 8, 1] && judge.features.positive? && judge.target == "labels", "a classifier tells of itself")
told = judge.run(halves.read(0, 3))
check(told[0].unpack("e*").each_slice(2).all? { |a, b| (a + b - 1).abs < 1e-5 } && told[1].bytesize == 12 * judge.features, "and of pictures")
check(Gan::Classifier.load(File.join(output, "judge")).run(halves.read(0, 3)) == told, "a classifier is loaded")
check(Gan::Classifier.from_bytes(judged.to_bytes).run(halves.read(0, 3)) == told, "and from memory")
refused(Gan::Error, "a classifier draws nothing") { judged.generator }
Gan::Evaluation.of_dataset(halves, halves, classifier: judge) do |same|
  check(same["copies"] == 1 && same.counts == [40, 40] && same.nearest(3)[1].zero?, "data beside themselves are copies")
  check(same.class_of(0)[1] >= 0.5 && same.class_counts(0)[0] + same.class_counts(1)[0] == 40, "classes are told")
end
measured = Gan::Trainer.open(halves, "batch-size" => 10, "evaluate.every" => 1, "evaluate.count" => 16)
measured.judge(judge)
measured.run(1)
check(measured.metric("evaluate.modes") >= 1 && Gan::Evaluation.of_generator(measured.generator, halves, count: 20)["recall"] >= 0, "a generator is evaluated")
known = Gan::Evaluation.of_features([3, 0, -3, 0, 0, 1, 0, -1], [1, 0, -1, 0, 0, 1, 0, -1], 2)
check((known["frechet-distance"] - 8.0 / 3).abs < 1e-12 && known.value("frechet-distance")[1].nan?, "the distance of features")
check(Gan.measures.size >= 15 && Gan.measures[0].minimum >= 1 && Gan.measures[0].goal == "lower", "measures are listed")
refused(Gan::Error, "a measure that is not there") { known["recal"] }
refused(ArgumentError, "features that are no rows") { Gan::Evaluation.of_features([1], [1, 2], 2) }

# Pictures of pictures.
refused(Gan::Error, "a generator of numbers is no applier") { generator.applier }
resolving = Gan::Trainer.open(halves, recipe: "super-resolution", scale: 2, "generator.channels" => 4, "generator.blocks" => 1, "batch-size" => 10)
check(resolving.preview_shape == [8, 28, 1] && resolving.preview(0, 2).bytesize == 448, "rows of input, output and truth")
refused(Gan::Error, "rows before the first") { resolving.preview(-1, 1) }
resolving.generator.applier(threads: 1) do |applier|
  check(applier.channels == [1, 1, false] && applier.shape(5, 7) == [10, 14, 1], "an applier tells of itself")
  floats, bytes = applier.apply([1.0] * 35, 5, 7).unpack("e*"), applier.apply_bytes("\xff".b * 35, 5, 7).bytes
  check(floats.size == 140 && bytes.size == 140 && (floats[60] * 255 - bytes[60]).abs < 0.51, "a picture of a picture")
  refused(ArgumentError, "a picture is short") { applier.apply([1.0], 5, 7) }
  refused(ArgumentError, "a mask is short") { applier.apply_bytes("x" * 35, 5, 7, mask: "x") }
  refused(Gan::Error, "a mask where none is wanted") { applier.apply([1.0] * 35, 5, 7, mask: [1.0] * 35) }
  refused(Gan::Error, "a picture without a side") { applier.apply([], 0, 7) }
  check(applier.frames == 0, "a picture is none of several")
end

# Frames that follow.
settings = { recipe: "next-frame", "frames.past" => 2, "frames.ahead" => 1, "generator.channels" => 2, "discriminator.channels" => 2, "batch-size" => 5 }
Gan::Trainer.open(Gan::Dataset.make("moving", 10, 3), settings) do |trainer|
  applier = trainer.generator.applier(threads: 1)
  given = (1..70).map { |i| i * 7 % 256 }
  five, two = applier.predict_bytes(given, 5, 7, count: 5), applier.predict_bytes(given, 5, 7, count: 2)
  check(applier.frames == 2 && five.bytesize == 175 && five.start_with?(two), "frames that follow")
  floats = applier.predict(given.map { |value| value / 255.0 }, 5, 7).unpack("e*")
  check(floats.size == 35 && (floats[12] * 255 - five.getbyte(12)).abs < 0.6, "frames of floats")
  refused(ArgumentError, "a frame is short") { applier.predict([1.0], 5, 7) }
  refused(Gan::Error, "too few frames") { applier.predict_bytes("x" * 35, 5, 7) }
  refused(Gan::Error, "a picture where frames are read") { applier.apply([1.0] * 35, 5, 7) }
end

class Alarm < StandardError; end
digits, drawing = Gan::Dataset.open(data), generator.sampler(threads: 1)
slow = Gan::Trainer.open(Gan::Dataset.from_callback(1000, 1, 1) { |indices| [0.0] * indices.size })
trainer = Gan::Trainer.open(digits)
packed = [0.5].pack("e") * 128 * 20_000
calls = {
  "step" => -> { trainer.step(10**9) }, "run" => -> { trainer.run(10**6) }, "run with a block" => -> { trainer.run(10**6) { false } },
  "a block of run" => -> { trainer.run(10**6) { loop { sleep 0.01 } } }, "step that calls back" => -> { slow.step(10**9) },
  "draw" => -> { loop { drawing.draw(7, 0, 20_000) } }, "decode" => -> { loop { drawing.decode_bytes(packed) } },
}
mine = proc { raise Alarm, "mine" }
[["INT", "DEFAULT", Interrupt], ["TERM", "DEFAULT", SignalException], ["USR1", mine, Alarm], [nil, nil, Timeout::Error]].each do |name, handler, kind|
  trap(name, handler) if name
  calls.each do |what, call|
    sent = nil
    begin
      if name
        sender = Thread.new { sleep 0.2; sent = Process.clock_gettime(Process::CLOCK_MONOTONIC); Process.kill(name, Process.pid) }
        call.call
      else
        sent = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 0.2
        Timeout.timeout(0.2, Timeout::Error) { call.call }
      end
      check(false, "#{kind} ends #{what}")
    rescue Exception => error
      late = Process.clock_gettime(Process::CLOCK_MONOTONIC) - sent
      check(error.instance_of?(kind) && late < 2, "#{kind} ends #{what}: #{error.inspect}, #{late.round(2)} s late")
      puts format("%-16s %-20s %.3f s", kind, what, late)
    end
    sender&.join
    check(name.nil? || trap(name, handler) == handler, "the handler is as it was")
  end
  step = trainer.metric("step")
  trainer.step
  check(trainer.metric("step") == step + 1, "the trainer goes on")
end
stopper = Thread.new { sleep 0.2; trainer.cancel }
refused(Gan::Error, "a step is cancelled from another thread") { trainer.step(10**9) }
stopper.join

puts "ruby: #{$passed} passed, #{$failed} failed"
exit($failed.zero?)
