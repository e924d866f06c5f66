# A GAN for digits from Ruby: trains, stops, goes on, saves, loads, draws. Its files equal those that C writes.
#
#     ruby digits.rb DATA OUTPUT
require "gan"
require "pathname"
require "timeout"

data, output = Pathname(ARGV[0]), Pathname(ARGV[1])
$passed = $failed = 0

def check(good, what)
  good ? $passed += 1 : $failed += 1
  warn "ruby: failed: #{what}" unless good
end

# The sentence of the error that a block must fail with.
def fails(name)
  yield
  check(false, "no error, but #{name} was expected")
  ""
rescue Gan::Error => error
  check(error.name == name && error.status.negative?, "#{error.name} instead of #{name}: #{error.message}")
  error.message
end

progress = lambda do |trainer, event|
  next false unless event == Gan::EPOCH
  puts format("epoch %d   discriminator %.3f   generator %.3f", trainer.metric("epoch"), trainer.metric("discriminator.loss"), trainer.metric("generator.loss"))
  trainer.metric("epoch") == 2
end

puts "libgan #{Gan.version} on #{Gan.instruction_set} from Ruby #{RUBY_VERSION}"
taken = nil
Gan::Dataset.open(data) do |digits|
  puts format("%d images of %d x %d x %d in %d classes", *digits.shape, digits.classes)
  check(digits.shape == [10_000, 28, 28, 1] && digits.classes == 10, "the shape of the dataset")
  check(digits.read(9999, 1).size == 784 && digits.read_labels(0, 3) == [7, 2, 1], "images and labels are read")

  # Two of three epochs, then the block stops the run; another trainer goes on with the file.
  settings = { seed: 7, "generator.hidden" => [256, 256], "generator.learning-rate" => 1e-3, "discriminator.learning-rate" => "1e-3" }
  Gan::Trainer.open(digits, settings) do |trainer|
    check(trainer.option("generator.hidden") == "256,256", "an option of the trainer")
    fails("GAN_E_CANCELLED") { trainer.run(3, &progress) }
    trainer.save(output / "stopped.safetensors")
    begin
      trainer.run(1) { raise KeyError, "mine" }
    rescue KeyError => error
    end
    check(error&.message == "mine", "an exception of the block comes out of run")
  end
  Gan::Trainer.load(output / "stopped.safetensors", digits) do |trainer|
    trainer.run(1, &progress)
    check(trainer.metric("epoch") == 3 && trainer.metric("step") == 300, "the metrics")
    trainer.save(output / "digits.safetensors")
    trainer.generator { |generator| generator.sampler { |sampler| taken = sampler.draw(7, 0, 64) } }

    # Another thread of Ruby cancels the run, which does not keep it from running.
    stopper = Thread.new { sleep 0.2; trainer.cancel }
    fails("GAN_E_CANCELLED") { trainer.run(300) }
    stopper.join

    # So do Ctrl-C, a handler of the program's own, and a time limit.
    ended = [
      [Interrupt, "DEFAULT"],
      [KeyError, proc { raise KeyError, "mine" }],
    ].map do |kind, handler|
      trap("INT", handler)
      sender = Thread.new { sleep 0.2; Process.kill("INT", Process.pid) }
      trainer.run(300)
    rescue Exception => error
      sender.join
      error.instance_of?(kind)
    end
    trap("INT", "DEFAULT")
    begin
      Timeout.timeout(0.2) { trainer.run(300) }
    rescue Timeout::Error
      ended << true
    end
    check(ended == [true] * 3 && trainer.metric("step") > 300, "Ctrl-C and time limits end a run: #{ended}")
  end
end

generator = Gan::Generator.load(output / "digits.safetensors")
check(generator.shape == [28, 28, 1] && generator.axes == [28, 28, 1] && generator.range == [0, 1] && generator.latent_size == 128, "the generator's shape")
check(generator.option("seed") == "7", "an option of the generator")
sampler = generator.sampler(threads: 1)
images, latents = sampler.draw(7, 0, 64), sampler.latents(7, 0, 64)
check(images == taken && images == sampler.decode(latents), "a snapshot, a file and decoding give the same images")
way = sampler.path(latents.byteslice(0, 512), latents.byteslice(512, 512), 5)
check(way.byteslice(0, 512) == latents.byteslice(0, 512), "a path begins where it should")
check(sampler.path_at(latents.byteslice(0, 512), latents.byteslice(512, 512), 0.25) == way.byteslice(512, 512), "a place of a path")
(output / "images.f32").binwrite(images)
(output / "images.u8").binwrite(sampler.draw_bytes(7, 0, 64))
(output / "far.f32").binwrite(sampler.draw(2**64 - 5, 2**40, 2))
(output / "path.f32").binwrite(sampler.decode(way))
(output / "grid.png").binwrite(sampler.png(7, 0, 64))
sampler.write_png(output / "written.png", 7, 0, 64)
sampler.draw_bytes(1, 0, 1).bytes.each_slice(28).with_index do |row, number|
  puts row.map { |value| " .:-=+*#%@"[value * 10 / 256] }.join if number.even?
end

Gan::Generator.from_bytes((output / "digits.safetensors").binread) do |copy|
  check(copy.sampler.draw(7, 0, 64) == images, "a generator from memory draws the same")
end
Gan::Dataset.from_bytes(Random.new(1).bytes(200 * 64), 8, 8) do |noise|
  Gan::Trainer.open(noise) do |trainer|
    trainer.step(3)
    check(trainer.metric("step") == 3, "training on bytes from memory")
  end
end
Gan::Dataset.from_floats([0, 0.5, 1, 0.25] * 2, 2, 2, labels: [4, 0]) do |floats|
  check(floats.read(1, 1) == [0, 0.5, 1, 0.25] && floats.read_labels(0, 2) == [4, 0], "a dataset of floats")
  told = floats.with_tags([1, 0, 1, 1], %w[hat smile]).with_texts(["a é", "b"]).with_labels([0, 1], names: %w[no yes], name: "answer")
  Gan::Dataset.from_values([1, 2, 3, 4], [2]) do |rows|
    pairs = Gan::Dataset.combine({ "source" => told, "target" => rows })
    fields = pairs.fields
    check(fields.size == 6 && fields[2].to_a == ["source.tags", "tags", [2], 2, [0, 1], %w[hat smile]] && fields[5].to_a == ["target", "values", [2], 2, [1, 4], []], "fields of a dataset")
    check(pairs.field_text(2, 1) == "hat,smile" && pairs.field_text(3, 0) == "a é" && pairs.field_text(4, 1) == "yes" && pairs.read_field(5, 1, 1) == [3, 4], "items of fields")
  end
end

small = { "batch-size" => 50, "generator.hidden" => "8", "discriminator.hidden" => "8" }
Gan::Dataset.from_csv("city,size\n" + "Seoul,1.5\nBusan,2.5\n" * 100, small) do |table|
  Gan::Trainer.open(table, small) do |trainer|
    trainer.step(2)
    made = trainer.generator
    check(made.columns[0].to_a == ["city", "category", %w[Busan Seoul]] && made.cell_text(0, 1) == "Seoul", "columns of a table")
    made.sampler do |rows|
      rows.where("city=Seoul")
      check(rows.draw_rows(7, 0, 3, 2).map(&:first) == [1, 1, 1], "rows of a table")
      rows.write_csv(output / "rows.csv", 7, 0, 3)
      check((output / "rows.csv").read.start_with?("city,size\nSeoul,"), "a table in a file")
    end
  end
end

check(fails("GAN_E_NOT_FOUND") { Gan::Generator.load("no-such-file.safetensors") }.include?("no-such-file"), "the sentence names the file")
check(fails("GAN_E_UNKNOWN_NAME") { Gan::Options.open(batchsize: 64) }.include?("batch-size"), "the sentence gives the nearest option")
check(Gan::Options.open(seed: 2**53 + 1, "data.shuffle" => false)["seed"] == "9007199254740993", "options are read, with all their digits")
begin
  sampler.draw(2**64, 0, 1)
rescue RangeError
  refused = true
end
check(refused, "an integer of more than 64 bits is refused")
sampler.close
fails("GAN_E_INVALID_HANDLE") { sampler.draw(7, 0, 1) }
sampler.close
GC.start

puts "ruby: #{$passed} passed, #{$failed} failed"
exit($failed.zero?)
