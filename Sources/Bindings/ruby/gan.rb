# libgan from Ruby, with Fiddle of the standard library alone: copy this file into your project.
#
#     require "gan"
#     Gan::Dataset.open("digits/") do |digits|
#       Gan::Trainer.open(digits, seed: 7) do |trainer|
#         trainer.run(20)
#         trainer.save("digits.safetensors")
#       end
#     end
#
# Every failure is a Gan::Error with the library's sentence, #status and #name. A block closes its handle at its end,
# however it ends; without a block, #close or the garbage collector does. Images come as binary strings:
# String#unpack("e*") makes floats of #draw, and #draw_bytes has a byte a value, [count, height, width, channels] without
# gaps. Integers of 64 bits go through whole; larger ones are refused. A trainer or sampler belongs to one thread at a
# time; a generator or dataset may be shared, and calls let other threads of Ruby run. Details stand in gan.h.
require "fiddle"

module Gan
  EPOCH, PROGRESS = 1, 2    # events of Trainer#run
  LINEAR, SPHERICAL = 0, 1  # paths of Sampler#path

  # What a call of the library failed with.
  class Error < StandardError
    attr_reader :status, :name

    def initialize(status)
      @status = status
      @name = C.text("gan_status_name", [Fiddle::TYPE_INT], status)
      super(C.text("gan_error_message", []))
    end
  end

  def self.version = C.text("gan_version_string", [])
  def self.instruction_set = C.text("gan_instruction_set", [])

  # The functions of gan.h. Arguments are told by a letter each: p pointer or string, i int32_t, l int64_t, L uint64_t or
  # size_t, f float.
  module C
    LIBRARY = Fiddle.dlopen("libgan.so.0")
    TYPES = { "p" => Fiddle::TYPE_VOIDP, "i" => Fiddle::TYPE_INT, "l" => Fiddle::TYPE_LONG_LONG, "L" => -Fiddle::TYPE_LONG_LONG, "f" => Fiddle::TYPE_FLOAT }.freeze
    RANGES = { "i" => -2**31...2**31, "l" => -2**63...2**63, "L" => 0...2**64 }.freeze

    def self.text(name, types, *arguments)
      Fiddle::Function.new(LIBRARY[name], types, Fiddle::TYPE_VOIDP).call(*arguments).to_s.force_encoding("UTF-8")
    end

    def self.function(name, letters)
      function = Fiddle::Function.new(LIBRARY["gan_#{name}"], letters.chars.map { |letter| TYPES[letter] }, Fiddle::TYPE_INT)
      define_singleton_method(name) do |*arguments|
        # Fiddle would cut an integer to its type, and a string at a byte 0.
        letters.chars.zip(arguments) do |letter, value|
          raise RangeError, "#{value} does not fit into gan_#{name}'s integer" if RANGES[letter] && !RANGES[letter].cover?(Integer(value))
        end
        status = function.call(*arguments)
        raise Error, status if status != 0  # on the thread that made the call: the message is that thread's
      end
    end

    {
      options_create: "p", options_set: "ppp", options_get: "pppLp",
      dataset_open: "ppp", dataset_create_bytes: "pliiipippp", dataset_create_floats: "pliiiffpippp", dataset_shape: "ppppp",
      dataset_classes: "pp", dataset_read: "pllpL", dataset_read_labels: "pllpL",
      trainer_create: "ppp", trainer_load: "pppp", trainer_save: "pp", trainer_step: "pl", trainer_run: "plpp", trainer_cancel: "p",
      trainer_metric: "ppp", trainer_option: "pppLp", trainer_generator: "pp",
      generator_load: "pp", generator_load_memory: "pLp", generator_save: "pp", generator_latent_size: "pp", generator_shape: "pppp",
      generator_range: "ppp", generator_option: "pppLp",
      sampler_create: "ppp", sampler_latents: "pLllpL", sampler_draw: "pLllpL", sampler_draw_bytes: "pLllpL", sampler_decode: "pplpL",
      sampler_path: "pppilpL", sampler_write_png: "pLlliiip", sampler_encode_png: "pLlliiipLp",
    }.each { |name, letters| function(name, letters) }

    DESTROY = %w[options dataset trainer generator sampler].to_h do |kind|
      [kind, Fiddle::Function.new(LIBRARY["gan_#{kind}_destroy"], [Fiddle::TYPE_VOIDP], Fiddle::TYPE_VOID)]
    end.freeze

    # Out-parameters: memory that a call fills, unpacked.
    def self.out(format, bytes)
      memory = "\0".b * bytes
      yield memory
      memory.unpack(format)
    end

    # A path or name as C reads it: up to a byte 0, so there may be none.
    def self.string(value)
      value = value.respond_to?(:to_path) ? value.to_path : value.to_s
      raise ArgumentError, "#{value.inspect} has a byte 0 inside" if value.b.include?("\0")
      value
    end

    def self.option(function, handle, name)
      size = out("Q", 8) { |memory| public_send(function, handle, string(name), nil, 0, memory) }.first
      buffer = "\0".b * size
      public_send(function, handle, string(name), buffer, size, "\0" * 8)
      buffer.unpack1("Z*").force_encoding("UTF-8")
    end

    def self.items(bytes, size, what)
      raise ArgumentError, "#{bytes} bytes are not a whole number of #{what} of #{size} bytes" if size <= 0 || bytes % size != 0
      bytes / size
    end

    def self.floats(values) = values.is_a?(String) ? values : values.to_a.pack("e*")
  end

  # An object of the library. Using it after close is GAN_E_INVALID_HANDLE: the library knows its handles.
  class Handle
    def self.made(*details)
      address = C.out("Q", 8) { |memory| yield memory }.first
      object = allocate
      object.send(:own, Fiddle::Pointer.new(address), *details)
      object
    end
    private_class_method :made

    # Yields an object to a block and closes it afterwards, or returns it.
    def self.scoped(object)
      return object unless block_given?
      begin
        yield object
      ensure
        object.close
      end
    end
    private_class_method :scoped

    attr_reader :handle

    def close
      ObjectSpace.undefine_finalizer(self)
      C::DESTROY[self.class::KIND].call(@handle)
    end

    private

    def own(handle)
      @handle = handle
      ObjectSpace.define_finalizer(self, Handle.finalizer(C::DESTROY[self.class::KIND], handle))
    end

    # Made apart from the object, which could never be collected if the finalizer knew it.
    def self.finalizer(destroy, handle) = proc { destroy.call(handle) }
  end

  # Settings: Gan::Options.open(seed: 7, "generator.hidden" => [256, 256]); where options are taken, a hash will do.
  class Options < Handle
    KIND = "options"

    def self.open(settings = {}, &block)
      options = made { |out| C.options_create(out) }
      settings.each { |name, value| options[name] = value }
      scoped(options, &block)
    end

    # Yields the handle of options, of a hash of settings, or of none.
    def self.of(options, &block)
      return yield(nil) if options.nil? || (options.is_a?(Hash) && options.empty?)
      return yield(options.handle) if options.is_a?(Options)
      open(options) { |made| block.call(made.handle) }
    end

    def []=(name, value)
      C.options_set(handle, C.string(name), C.string(value.is_a?(Array) ? value.join(",") : value))
    end

    def [](name) = C.option(:options_get, handle, name)
  end

  # Images, with labels or without.
  class Dataset < Handle
    KIND = "dataset"

    # Images from a file or a folder: IDX (MNIST) or PNG.
    def self.open(path, options = {}, &block)
      scoped(Options.of(options) { |settings| made { |out| C.dataset_open(C.string(path), settings, out) } }, &block)
    end

    # Images of a string of bytes, 0 (black) to 255.
    def self.from_bytes(pixels, height, width, channels = 1, labels: nil, &block)
      count = C.items(pixels.bytesize, height * width * channels, "images")
      labels = labelled(labels, count)
      scoped(made { |out| C.dataset_create_bytes(pixels, count, height, width, channels, labels, 0, nil, nil, out) }, &block)
    end

    # Images of floats, in an array or packed with "e*", from black to white.
    def self.from_floats(values, height, width, channels = 1, black: 0.0, white: 1.0, labels: nil, &block)
      values = C.floats(values)
      count = C.items(values.bytesize, 4 * height * width * channels, "images")
      labels = labelled(labels, count)
      scoped(made { |out| C.dataset_create_floats(values, count, height, width, channels, black, white, labels, 0, nil, nil, out) }, &block)
    end

    def self.labelled(labels, count)
      raise ArgumentError, "There are #{labels.size} labels for #{count} images" if labels && labels.size != count
      labels&.pack("l*")
    end
    private_class_method :labelled

    # [count, height, width, channels]
    def shape
      size = "\0".b * 12
      pointer = Fiddle::Pointer[size]
      count = C.out("q", 8) { |memory| C.dataset_shape(handle, memory, pointer, pointer + 4, pointer + 8) }
      count + size.unpack("l3")
    end

    def classes = C.out("l", 4) { |memory| C.dataset_classes(handle, memory) }.first

    # Images as floats from 0 (black) to 1.
    def read(first, count)
      size = [count, 0].max * shape.drop(1).reduce(:*)
      C.out("e*", 4 * size) { |memory| C.dataset_read(handle, first, count, memory, size) }
    end

    def read_labels(first, count)
      size = [count, 0].max
      C.out("l*", 4 * size) { |memory| C.dataset_read_labels(handle, first, count, memory, size) }
    end
  end

  # A generator and a discriminator in training.
  class Trainer < Handle
    KIND = "trainer"

    def self.open(dataset, options = {}, &block)
      scoped(Options.of(options) { |settings| made { |out| C.trainer_create(settings, dataset.handle, out) } }, &block)
    end

    # Goes on from a checkpoint as if the training had never stopped.
    def self.load(path, dataset, options = {}, &block)
      scoped(Options.of(options) { |settings| made { |out| C.trainer_load(C.string(path), settings, dataset.handle, out) } }, &block)
    end

    def save(path) = C.trainer_save(handle, C.string(path))
    def step(steps = 1) = C.trainer_step(handle, steps)

    # Trains. The block is called with the trainer and the event after every epoch (EPOCH) and about twenty times a second
    # between (PROGRESS); when it returns something true, run raises GAN_E_CANCELLED. What it raises, run raises. Ctrl-C and
    # what other threads raise, such as Timeout, end the run too: the trainer stands between two steps and can be saved.
    def run(epochs, &block)
      raised = failure = previous = nil
      called = Fiddle::Closure::BlockCaller.new(Fiddle::TYPE_INT, [Fiddle::TYPE_VOIDP, Fiddle::TYPE_VOIDP, Fiddle::TYPE_INT]) do |_, _, event|
        Thread.pass # what signals are to raise is raised here, where it is rescued
        stop = block && block.call(self, event)
        stop || raised || Thread.pending_interrupt? ? 1 : 0
      rescue Exception => exception
        raised = exception
        1
      end
      # No exception may pass through C: those of signals are kept by the trap, those of other threads put off to the end.
      main = Thread.current == Thread.main
      previous = trap("INT") { |number| raised = interruption(previous, number) || raised } if main
      Thread.handle_interrupt(Object => :never) do
        C.trainer_run(handle, epochs, called, nil)
      rescue Error => error
        failure = error
      end
      raise raised || failure if raised || failure
    ensure
      trap("INT", previous || "DEFAULT") if main
    end

    # Ends a run; may be called from any thread.
    def cancel = C.trainer_cancel(handle)

    # "step", "epoch", "discriminator.loss", … as gan_trainer_metric lists them.
    def metric(name) = C.out("d", 8) { |memory| C.trainer_metric(handle, C.string(name), memory) }.first
    def option(name) = C.option(:trainer_option, handle, name)

    # A snapshot, which further training does not change.
    def generator(&block) = Generator.of(self, &block)

    private

    # What a signal is to raise: what the program's own handler raises, if it has one.
    def interruption(handler, number)
      return nil if %w[IGNORE SIG_IGN].include?(handler)
      return Interrupt.new("") unless handler.respond_to?(:call)
      handler.call(number)
      nil
    rescue Exception => exception
      exception
    end
  end

  # A trained generator: immutable, and shared freely.
  class Generator < Handle
    KIND = "generator"

    def self.load(path, &block) = scoped(made { |out| C.generator_load(C.string(path), out) }, &block)
    def self.from_bytes(checkpoint, &block) = scoped(made { |out| C.generator_load_memory(checkpoint, checkpoint.bytesize, out) }, &block)
    def self.of(trainer, &block) = scoped(made { |out| C.trainer_generator(trainer.handle, out) }, &block)

    def save(path) = C.generator_save(handle, C.string(path))
    def latent_size = C.out("l", 4) { |memory| C.generator_latent_size(handle, memory) }.first

    # [height, width, channels]
    def shape
      C.out("l3", 12) { |memory| (at = Fiddle::Pointer[memory]) && C.generator_shape(handle, at, at + 4, at + 8) }
    end

    # What is black and what is white among the floats of an image.
    def range
      C.out("e2", 8) { |memory| (at = Fiddle::Pointer[memory]) && C.generator_range(handle, at, at + 4) }
    end

    def option(name) = C.option(:generator_option, handle, name)
    def sampler(options = {}, &block) = Sampler.open(self, options, &block)
  end

  # Draws from a generator; one a thread. Sample i under a seed is the same whatever it is drawn together with.
  class Sampler < Handle
    KIND = "sampler"

    def self.open(generator, options = {}, &block)
      sizes = [generator.shape.reduce(:*), generator.latent_size]
      scoped(Options.of(options) { |settings| made(*sizes) { |out| C.sampler_create(generator.handle, settings, out) } }, &block)
    end

    # Latents of samples first … first + count − 1, packed floats like everything below but bytes.
    def latents(seed, first, count) = filled(4 * @latent, count) { |memory, room| C.sampler_latents(handle, seed, first, count, memory, room / 4) }
    def draw(seed, first, count) = filled(4 * @image, count) { |memory, room| C.sampler_draw(handle, seed, first, count, memory, room / 4) }

    # Samples as bytes from 0 (black) to 255.
    def draw_bytes(seed, first, count) = filled(@image, count) { |memory, room| C.sampler_draw_bytes(handle, seed, first, count, memory, room) }

    # Images of the caller's latents, packed or in an array.
    def decode(latents)
      latents = C.floats(latents)
      count = C.items(latents.bytesize, 4 * @latent, "latents")
      filled(4 * @image, count) { |memory, room| C.sampler_decode(handle, latents, count, memory, room / 4) }
    end

    # Latents on the way from one to another, both included, for decode.
    def path(from, to, count, path = SPHERICAL)
      from, to = C.floats(from), C.floats(to)
      raise ArgumentError, "A latent has #{@latent} numbers" unless from.bytesize == 4 * @latent && to.bytesize == from.bytesize
      filled(4 * @latent, count) { |memory, room| C.sampler_path(handle, from, to, path, count, memory, room / 4) }
    end

    # A grid of samples as the bytes of a PNG.
    def png(seed, first, count, columns: 8, margin: 2, scale: 1)
      grid = [handle, seed, first, count, columns, margin, scale]
      size = C.out("Q", 8) { |memory| C.sampler_encode_png(*grid, nil, 0, memory) }.first
      filled(1, size) { |memory, room| C.sampler_encode_png(*grid, memory, room, "\0" * 8) }
    end

    def write_png(path, seed, first, count, columns: 8, margin: 2, scale: 1)
      C.sampler_write_png(handle, seed, first, count, columns, margin, scale, C.string(path))
    end

    private

    def own(handle, image, latent)
      super(handle)
      @image, @latent = image, latent
    end

    def filled(size, count)
      memory = "\0".b * (size * [count, 0].max)
      yield memory, memory.bytesize
      memory
    end
  end
end
