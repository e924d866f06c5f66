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
# gaps. Integers that do not fit into C's are a RangeError, and a string with a byte 0 where C reads up to it is an
# ArgumentError. A trainer or sampler belongs to one thread at a time; a generator or dataset may be shared, and calls let
# other threads of Ruby run. Ctrl-C, other signals and time limits end training and drawing within a step or a twentieth of
# a second. The library is the file that the environment's GAN_LIBRARY names, or libgan.so.0 where the system or an
# installation around this file has it. Details stand in gan.h.
require "fiddle"

module Gan
  EPOCH, PROGRESS = 1, 2    # events of Trainer#run
  LINEAR, SPHERICAL = 0, 1  # paths of Sampler#path

  # What a call of the library failed with.
  class Error < StandardError
    attr_reader :status, :name

    def initialize(status, message)
      @status, @name = status, C.gan_status_name(status)
      super(message)
    end
  end

  # What an option is, its bounds, which are nil where it has none, and the values of other options under which it has a meaning.
  OptionDescription = Struct.new(:name, :type, :default, :range, :summary, :minimum, :maximum, :condition)

  def self.version = C.gan_version_string
  def self.version_number = C.gan_version
  def self.instruction_set = C.gan_instruction_set

  # Every option there is.
  def self.describe_options
    Array.new(C.gan_option_count) do |i|
      bounds = begin
        C.out("d2", 16) { |memory| (at = Fiddle::Pointer[memory]) && C.gan_option_bounds(i, at, at + 8) }
      rescue Error
        [nil, nil]
      end
      OptionDescription.new(C.gan_option_name(i), C.gan_option_type(i), C.gan_option_default(i), C.gan_option_range(i), C.gan_option_summary(i), *bounds,
                            C.gan_option_condition(i))
    end
  end

  # Every metric of a trainer: its name and what it means.
  def self.describe_metrics = Array.new(C.gan_metric_count) { |i| [C.gan_metric_name(i), C.gan_metric_summary(i)] }.to_h

  Recipe = Struct.new(:name, :summary, :paper, :options)
  Input = Struct.new(:name, :kind, :width, :classes)
  Column = Struct.new(:name, :kind, :categories)

  # The data sets that the library makes itself: their names, and what they are.
  def self.made_data = Array.new(C.gan_made_count) { |i| [C.gan_made_name(i), C.gan_made_summary(i)] }.to_h

  # What can be trained: the values of the option "recipe".
  def self.recipes
    Array.new(C.gan_recipe_count) do |i|
      Recipe.new(C.gan_recipe_name(i), C.gan_recipe_summary(i), C.gan_recipe_paper(i), C.gan_recipe_options(i).split(","))
    end
  end

  # Signals that raise in Ruby, by their handler or unless they have one, must not raise in a callback before it can rescue.
  # While the library may call back they are noted, and the callback, or the end of the call, makes up for it.
  class Guard
    SIGNALS = %w[INT TERM HUP QUIT ALRM USR1 USR2].freeze

    def self.current = Thread.current.thread_variable_get(:gan_guard)

    def self.around
      guard, before = new, current
      Thread.current.thread_variable_set(:gan_guard, guard)
      guard.trap_signals if Thread.current == Thread.main # the only one that hears them
      # What other threads raise, such as Timeout, is put off to the end.
      Thread.handle_interrupt(Object => :never) { yield }
    ensure
      Thread.current.thread_variable_set(:gan_guard, before)
      guard.restore
      guard.handle
    end

    def initialize
      @noted, @handlers, @inside = [], {}, false
    end

    def trap_signals
      SIGNALS.each do |name|
        before = trap(name) { @inside ? raise_for(name) : @noted << name }
        if before.respond_to?(:call) || before == "DEFAULT"
          @handlers[name] = before
        else
          trap(name, before || "SYSTEM_DEFAULT") # it does not raise
        end
      end
    end

    def restore = @handlers.each { |name, handler| trap(name, handler) }

    def handle
      raise_for(@noted.shift) until @noted.empty?
    end

    # Runs a callback: its exception is kept, and the library told a 1.
    def call
      Thread.pass # signals that came while C ran are noted here
      @inside = true
      handle
      stop = Thread.handle_interrupt(Object => :immediate) { yield }
      @inside = false
      stop || Thread.pending_interrupt? ? 1 : 0
    rescue Exception => exception
      @inside = false
      Thread.current.thread_variable_set(:gan_raised, exception)
      1
    end

    private

    def raise_for(name)
      handler = @handlers[name]
      return handler.call(Signal.list[name]) if handler.respond_to?(:call)
      raise name == "INT" ? Interrupt.new("") : SignalException.new("SIG#{name}")
    end
  end

  # The functions of gan.h, in its words. To add one, copy its lines here: what it takes and gives follows from them.
  module C
    PROTOTYPES = <<~HEADER
      int32_t gan_version(void);
      const char *gan_version_string(void);
      const char *gan_instruction_set(void);
      const char *gan_status_name(int32_t status);
      const char *gan_error_message(void);
      int32_t gan_options_create(gan_options **out);
      void gan_options_destroy(gan_options *options);
      int32_t gan_options_set(gan_options *options, const char *name, const char *value);
      int32_t gan_options_set_integer(gan_options *options, const char *name, int64_t value);
      int32_t gan_options_set_real(gan_options *options, const char *name, double value);
      int32_t gan_options_get(const gan_options *options, const char *name, char *buffer, size_t capacity, size_t *size);
      int32_t gan_option_count(void);
      const char *gan_option_name(int32_t index);
      const char *gan_option_type(int32_t index);
      const char *gan_option_default(int32_t index);
      const char *gan_option_range(int32_t index);
      const char *gan_option_summary(int32_t index);
      const char *gan_option_condition(int32_t index);
      int32_t gan_option_bounds(int32_t index, double *minimum, double *maximum);
      int32_t gan_recipe_count(void);
      const char *gan_recipe_name(int32_t index);
      const char *gan_recipe_summary(int32_t index);
      const char *gan_recipe_paper(int32_t index);
      const char *gan_recipe_options(int32_t index);
      int32_t gan_dataset_open(const char *path, const gan_options *options, gan_dataset **out);
      int32_t gan_dataset_open_idx(const char *images, const char *labels, const gan_options *options, gan_dataset **out);
      int32_t gan_made_count(void);
      const char *gan_made_name(int32_t index);
      const char *gan_made_summary(int32_t index);
      int32_t gan_dataset_make(const char *name, int64_t count, uint64_t seed, const gan_dataset *from, gan_dataset **out);
      int32_t gan_dataset_write(const gan_dataset *dataset, const char *path, const char *labels);
      int32_t gan_dataset_create_bytes(const uint8_t *pixels, int64_t count, int32_t height, int32_t width, int32_t channels, const
          int32_t *labels, int32_t classes, gan_release_fn release, void *context, gan_dataset **out);
      int32_t gan_dataset_create_floats(const float *values, int64_t count, int32_t height, int32_t width, int32_t channels, float
          minimum, float maximum, const int32_t *labels, int32_t classes, gan_release_fn release, void *context, gan_dataset **out);
      int32_t gan_dataset_create_callback(gan_fill_fn fill, int64_t count, int32_t height, int32_t width, int32_t channels,
          gan_release_fn release, void *context, gan_dataset **out);
      void gan_dataset_destroy(gan_dataset *dataset);
      int32_t gan_dataset_shape(const gan_dataset *dataset, int64_t *count, int32_t *height, int32_t *width, int32_t *channels);
      int32_t gan_dataset_classes(const gan_dataset *dataset, int32_t *classes);
      int32_t gan_dataset_class_name(const gan_dataset *dataset, int32_t index, char *buffer, size_t capacity, size_t *size);
      int32_t gan_dataset_read(const gan_dataset *dataset, int64_t first, int64_t count, float *values, size_t capacity);
      int32_t gan_dataset_read_labels(const gan_dataset *dataset, int64_t first, int64_t count, int32_t *labels, size_t capacity);
      int32_t gan_dataset_field_count(const gan_dataset *dataset, int32_t *count);
      int32_t gan_dataset_field_name(const gan_dataset *dataset, int32_t index, char *buffer, size_t capacity, size_t *size);
      int32_t gan_dataset_field_kind(const gan_dataset *dataset, int32_t index, char *buffer, size_t capacity, size_t *size);
      int32_t gan_dataset_field_shape(const gan_dataset *dataset, int32_t index, int64_t *shape, size_t capacity, size_t *rank);
      int32_t gan_dataset_field_items(const gan_dataset *dataset, int32_t index, int64_t *items);
      int32_t gan_dataset_field_range(const gan_dataset *dataset, int32_t index, float *minimum, float *maximum);
      int32_t gan_dataset_field_classes(const gan_dataset *dataset, int32_t index, int32_t *classes);
      int32_t gan_dataset_field_class_name(const gan_dataset *dataset, int32_t index, int32_t number, char *buffer, size_t capacity,
          size_t *size);
      int32_t gan_dataset_field_read(const gan_dataset *dataset, int32_t index, int64_t first, int64_t count, float *values, size_t
          capacity);
      int32_t gan_dataset_field_text(const gan_dataset *dataset, int32_t index, int64_t item, char *buffer, size_t capacity, size_t
          *size);
      int32_t gan_dataset_create_values(const float *values, int64_t count, const int64_t *axes, int32_t rank, float minimum, float
          maximum, const char *name, gan_release_fn release, void *context, gan_dataset **out);
      int32_t gan_dataset_add_labels(const gan_dataset *dataset, const char *name, const int32_t *labels, int32_t classes, const
          char *names, gan_dataset **out);
      int32_t gan_dataset_add_tags(const gan_dataset *dataset, const char *name, const uint8_t *tags, const char *names, gan_dataset
          **out);
      int32_t gan_dataset_add_texts(const gan_dataset *dataset, const char *name, const void *texts, size_t size, int32_t length,
          gan_dataset **out);
      int32_t gan_dataset_combine(const gan_dataset *const *datasets, int32_t count, const char *names, int32_t paired, gan_dataset
          **out);
      int32_t gan_trainer_create(const gan_options *options, gan_dataset *dataset, gan_trainer **out);
      int32_t gan_trainer_load(const char *path, const gan_options *options, gan_dataset *dataset, gan_trainer **out);
      int32_t gan_trainer_load_memory(const void *bytes, size_t size, const gan_options *options, gan_dataset *dataset, gan_trainer
          **out);
      int32_t gan_trainer_data(const gan_trainer *trainer, int32_t *comparison);
      int32_t gan_trainer_save(gan_trainer *trainer, const char *path);
      int32_t gan_trainer_save_memory(gan_trainer *trainer, void *buffer, size_t capacity, size_t *size);
      int32_t gan_trainer_check_save(gan_trainer *trainer, const char *path);
      int32_t gan_trainer_step(gan_trainer *trainer, int64_t steps);
      int32_t gan_trainer_run(gan_trainer *trainer, int64_t epochs, gan_progress_fn progress, void *context);
      int32_t gan_trainer_cancel(gan_trainer *trainer);
      int32_t gan_trainer_metric(const gan_trainer *trainer, const char *name, double *value);
      int32_t gan_trainer_metric_count(const gan_trainer *trainer, int32_t *count);
      int32_t gan_trainer_metric_name(const gan_trainer *trainer, int32_t index, char *buffer, size_t capacity, size_t *size);
      int32_t gan_trainer_option(const gan_trainer *trainer, const char *name, char *buffer, size_t capacity, size_t *size);
      void gan_trainer_destroy(gan_trainer *trainer);
      int32_t gan_trainer_preview_shape(gan_trainer *trainer, int32_t *height, int32_t *width, int32_t *channels);
      int32_t gan_trainer_preview(gan_trainer *trainer, int64_t first, int64_t count, uint8_t *pixels, size_t capacity);
      int32_t gan_metric_count(void);
      const char *gan_metric_name(int32_t index);
      const char *gan_metric_summary(int32_t index);
      int32_t gan_generator_load(const char *path, gan_generator **out);
      int32_t gan_generator_load_memory(const void *bytes, size_t size, gan_generator **out);
      int32_t gan_trainer_generator(gan_trainer *trainer, gan_generator **out);
      int32_t gan_generator_save(const gan_generator *generator, const char *path);
      int32_t gan_generator_save_memory(const gan_generator *generator, void *buffer, size_t capacity, size_t *size);
      void gan_generator_destroy(gan_generator *generator);
      int32_t gan_generator_latent_size(const gan_generator *generator, int32_t *size);
      int32_t gan_generator_shape(const gan_generator *generator, int32_t *height, int32_t *width, int32_t *channels);
      int32_t gan_generator_axes(const gan_generator *generator, int64_t *axes, size_t capacity, size_t *rank);
      int32_t gan_generator_range(const gan_generator *generator, float *low, float *high);
      int32_t gan_generator_option(const gan_generator *generator, const char *name, char *buffer, size_t capacity, size_t *size);
      int32_t gan_generator_input_count(const gan_generator *generator, int32_t *count);
      int32_t gan_generator_input_name(const gan_generator *generator, int32_t index, char *buffer, size_t capacity, size_t *size);
      int32_t gan_generator_input_kind(const gan_generator *generator, int32_t index, char *buffer, size_t capacity, size_t *size);
      int32_t gan_generator_input_width(const gan_generator *generator, int32_t index, int32_t *width);
      int32_t gan_generator_input_classes(const gan_generator *generator, int32_t index, int32_t *classes);
      int32_t gan_generator_input_class_name(const gan_generator *generator, int32_t index, int32_t number, char *buffer, size_t
          capacity, size_t *size);
      int32_t gan_sampler_create(const gan_generator *generator, const gan_options *options, gan_sampler **out);
      void gan_sampler_destroy(gan_sampler *sampler);
      int32_t gan_sampler_set(gan_sampler *sampler, const char *input, const char *value);
      int32_t gan_sampler_set_values(gan_sampler *sampler, const char *input, const float *values, int64_t count);
      int32_t gan_sampler_latents(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, float *latents, size_t capacity);
      int32_t gan_sampler_draw(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, float *images, size_t capacity);
      int32_t gan_sampler_draw_bytes(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, uint8_t *pixels, size_t
          capacity);
      int32_t gan_sampler_decode(gan_sampler *sampler, const float *latents, int64_t count, float *images, size_t capacity);
      int32_t gan_sampler_decode_bytes(gan_sampler *sampler, const float *latents, int64_t count, uint8_t *pixels, size_t capacity);
      int32_t gan_sampler_path(gan_sampler *sampler, const float *from, const float *to, int32_t path, int64_t count, float *latents,
          size_t capacity);
      int32_t gan_sampler_path_at(gan_sampler *sampler, const float *from, const float *to, int32_t path, double place, float *latent,
          size_t capacity);
      int32_t gan_sampler_write_png(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, int32_t columns, int32_t margin,
          int32_t scale, const char *path);
      int32_t gan_sampler_encode_png(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, int32_t columns, int32_t margin,
          int32_t scale, void *buffer, size_t capacity, size_t *size);
      int32_t gan_sampler_write_idx(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, const char *path);
      int32_t gan_sampler_write_npy(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, const char *path);
      int32_t gan_dataset_create_table(const void *text, size_t size, const gan_options *options, gan_dataset **out);
      int32_t gan_generator_column_count(const gan_generator *generator, int32_t *count);
      int32_t gan_generator_column_name(const gan_generator *generator, int32_t index, char *buffer, size_t capacity, size_t *size);
      int32_t gan_generator_column_kind(const gan_generator *generator, int32_t index, char *buffer, size_t capacity, size_t *size);
      int32_t gan_generator_column_categories(const gan_generator *generator, int32_t index, int32_t *count);
      int32_t gan_generator_column_text(const gan_generator *generator, int32_t index, double cell, char *buffer, size_t capacity,
          size_t *size);
      int32_t gan_sampler_where(gan_sampler *sampler, const char *conditions);
      int32_t gan_sampler_draw_rows(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, double *cells, size_t capacity);
      int32_t gan_sampler_write_csv(gan_sampler *sampler, uint64_t seed, int64_t first, int64_t count, const char *path);
      int32_t gan_applier_create(const gan_generator *generator, const gan_options *options, gan_applier **out);
      void gan_applier_destroy(gan_applier *applier);
      int32_t gan_applier_channels(gan_applier *applier, int32_t *input, int32_t *output, int32_t *takes_mask);
      int32_t gan_applier_shape(gan_applier *applier, int32_t height, int32_t width, int32_t *made_height, int32_t *made_width);
      int32_t gan_applier_apply(gan_applier *applier, uint64_t seed, const float *pixels, const float *mask, int32_t height, int32_t width,
          float *made, size_t capacity);
      int32_t gan_applier_apply_bytes(gan_applier *applier, uint64_t seed, const uint8_t *pixels, const uint8_t *mask, int32_t height,
          int32_t width, uint8_t *made, size_t capacity);
      int32_t gan_applier_frames(gan_applier *applier, int32_t *past);
      int32_t gan_applier_predict(gan_applier *applier, uint64_t seed, const float *frames, int32_t given, int32_t height, int32_t width,
          int32_t count, float *made, size_t capacity);
      int32_t gan_applier_predict_bytes(gan_applier *applier, uint64_t seed, const uint8_t *frames, int32_t given, int32_t height,
          int32_t width, int32_t count, uint8_t *made, size_t capacity);
      int32_t gan_checkpoint_open(const char *path, gan_checkpoint **out);
      void gan_checkpoint_destroy(gan_checkpoint *checkpoint);
      int32_t gan_checkpoint_text(const gan_checkpoint *checkpoint, const char *name, char *buffer, size_t capacity, size_t *size);
      int32_t gan_checkpoint_option(const gan_checkpoint *checkpoint, const char *name, char *buffer, size_t capacity, size_t *size);
      int32_t gan_checkpoint_tensor_count(const gan_checkpoint *checkpoint, int64_t *count);
      int32_t gan_checkpoint_tensor_name(const gan_checkpoint *checkpoint, int64_t index, char *buffer, size_t capacity, size_t *size);
      int32_t gan_checkpoint_tensor_shape(const gan_checkpoint *checkpoint, int64_t index, int64_t *shape, size_t capacity, size_t
          *rank);
      int32_t gan_checkpoint_tensor_type(const gan_checkpoint *checkpoint, int64_t index, char *buffer, size_t capacity, size_t *size);
      int32_t gan_checkpoint_tensor_read(const gan_checkpoint *checkpoint, int64_t index, float *values, size_t capacity, size_t
          *count);
      int32_t gan_classifier_load(const char *path, const gan_options *options, gan_classifier **out);
      int32_t gan_classifier_load_memory(const void *bytes, size_t size, const gan_options *options, gan_classifier **out);
      int32_t gan_trainer_classifier(gan_trainer *trainer, gan_classifier **out);
      void gan_classifier_destroy(gan_classifier *classifier);
      int32_t gan_classifier_shape(const gan_classifier *classifier, int32_t *height, int32_t *width, int32_t *channels);
      int32_t gan_classifier_target(const gan_classifier *classifier, char *buffer, size_t capacity, size_t *size);
      int32_t gan_classifier_classes(const gan_classifier *classifier, int32_t *classes);
      int32_t gan_classifier_class_name(const gan_classifier *classifier, int32_t index, char *buffer, size_t capacity, size_t
          *size);
      int32_t gan_classifier_features(const gan_classifier *classifier, int32_t *features);
      int32_t gan_classifier_run(gan_classifier *classifier, const float *images, int64_t count, float *probabilities, size_t
          probability_capacity, float *features, size_t feature_capacity);
      int32_t gan_measure_count(void);
      const char *gan_measure_name(int32_t index);
      const char *gan_measure_summary(int32_t index);
      const char *gan_measure_paper(int32_t index);
      const char *gan_measure_range(int32_t index);
      const char *gan_measure_goal(int32_t index);
      const char *gan_measure_needs(int32_t index);
      const char *gan_measure_samples(int32_t index);
      int32_t gan_measure_minimum(int32_t index, int64_t *minimum);
      int32_t gan_evaluate_generator(const gan_generator *generator, const gan_dataset *dataset, const gan_classifier *classifier,
          const gan_options *options, uint64_t seed, int64_t count, gan_evaluation **out);
      int32_t gan_evaluate_dataset(const gan_dataset *samples, const gan_dataset *dataset, const gan_classifier *classifier, const
          gan_options *options, gan_evaluation **out);
      int32_t gan_evaluate_features(const float *samples, int64_t sample_count, const float *data, int64_t data_count, int32_t
          width, const gan_options *options, gan_evaluation **out);
      void gan_evaluation_destroy(gan_evaluation *evaluation);
      int32_t gan_evaluation_counts(gan_evaluation *evaluation, int64_t *samples, int64_t *items);
      int32_t gan_evaluation_value(gan_evaluation *evaluation, const char *name, double *value, double *spread);
      int32_t gan_evaluation_nearest(gan_evaluation *evaluation, int64_t sample, int64_t *item, double *distance);
      int32_t gan_evaluation_class(gan_evaluation *evaluation, int64_t sample, int32_t *index, float *probability);
      int32_t gan_evaluation_class_counts(gan_evaluation *evaluation, int32_t index, int64_t *samples, int64_t *items);
      int32_t gan_trainer_judge(gan_trainer *trainer, const gan_classifier *classifier);
      int32_t gan_image_write_png(const uint8_t *pixels, int64_t count, int32_t height, int32_t width, int32_t channels, int32_t
          columns, int32_t margin, int32_t scale, const char *path);
      int32_t gan_image_decode(const void *bytes, size_t size, int32_t convert, uint8_t *pixels, size_t capacity, int32_t *height,
          int32_t *width, int32_t *channels);
      int32_t gan_image_decode_png(const void *bytes, size_t size, int32_t convert, uint8_t *pixels, size_t capacity, int32_t *height,
          int32_t *width, int32_t *channels);
      int32_t gan_image_decode_floats(const void *bytes, size_t size, int32_t convert, float *pixels, size_t capacity, int32_t *height,
          int32_t *width, int32_t *channels, int32_t *depth);
      int32_t gan_image_encode_png(const float *pixels, int32_t height, int32_t width, int32_t channels, int32_t depth, void *buffer,
          size_t capacity, size_t *size);
      int32_t gan_shape_mesh(const float *values, int32_t depth, int32_t height, int32_t width, float level, float *positions,
          float *normals, size_t vertex_capacity, size_t *vertices, int32_t *triangles, size_t triangle_capacity, size_t *faces);
      int32_t gan_shape_render(const float *values, int32_t depth, int32_t height, int32_t width, float level, double azimuth,
          double elevation, int32_t side, uint8_t *pixels, size_t capacity);
      int32_t gan_shape_write(const float *values, int64_t count, int32_t depth, int32_t height, int32_t width, float level,
          const char *path);
    HEADER

    # As the system finds it, and as `make install` put it: this file in share/gan/ruby, the library in lib.
    def self.open_library
      named = ENV["GAN_LIBRARY"]
      problems = []
      (named ? [named] : ["libgan.so.0", File.expand_path("../../../lib/libgan.so.0", __dir__), "/usr/local/lib/libgan.so.0"]).each do |path|
        return Fiddle.dlopen(path)
      rescue Fiddle::DLError => problem
        problems << problem.message
      end
      raise LoadError, "libgan cannot be loaded: #{problems.first}. Install it (make install, then ldconfig), or say where it is: " \
                       "GAN_LIBRARY=/path/to/libgan.so.0#{named ? ", which names another file now." : "."}"
    end
    private_class_method :open_library

    LIBRARY = open_library
    TYPES = {
      "int32_t" => Fiddle::TYPE_INT, "int64_t" => Fiddle::TYPE_LONG_LONG, "uint64_t" => -Fiddle::TYPE_LONG_LONG, "size_t" => -Fiddle::TYPE_LONG_LONG,
      "float" => Fiddle::TYPE_FLOAT, "double" => Fiddle::TYPE_DOUBLE, "void" => Fiddle::TYPE_VOID,
    }.freeze
    RANGES = { "int32_t" => -2**31...2**31, "int64_t" => -2**63...2**63, "uint64_t" => 0...2**64, "size_t" => 0...2**64 }.freeze

    # Fiddle would cut an integer to its type, and a string at a byte 0.
    def self.argument(value, type, name)
      if (range = RANGES[type])
        raise TypeError, "#{name} is #{value.inspect}; expected a whole number" unless value.is_a?(Integer)
        raise RangeError, "#{name} is #{value}; expected #{range.min} to #{range.max}" unless range.cover?(value)
      elsif type == "const char *" && !value.nil?
        value = value.respond_to?(:to_path) ? value.to_path : value
        value = value.to_s if value.is_a?(Symbol)
        raise TypeError, "#{name} is #{value.inspect}; expected a string" unless value.is_a?(String)
        raise ArgumentError, "#{name} is #{value.inspect}, which has a byte 0 inside" if value.b.include?("\0")
      end
      value
    end

    PROTOTYPES.scan(/([^;]*[ *])(gan_\w+)\(([^()]*)\);/m) do |result, name, list|
      result = result.strip
      parameters = list == "void" ? [] : list.split(",").map { |one| one.strip.match(/\A(.*[ *])(\w+)\z/m).captures.map(&:strip) }
      function = nil
      define_singleton_method(name) do |*arguments|
        # At the first call, so that a library that is older than this file serves as far as it goes.
        function ||= begin
          Fiddle::Function.new(LIBRARY[name], parameters.map { |type, _| TYPES.fetch(type, Fiddle::TYPE_VOIDP) }, TYPES.fetch(result, Fiddle::TYPE_VOIDP))
        rescue Fiddle::DLError
          raise NotImplementedError, "The library that is loaded, #{Gan.version}, has no #{name}: it is older than gan.rb"
        end
        value = function.call(*parameters.zip(arguments).map { |(type, label), argument| argument(argument, type, label) })
        case result
        when "const char *" then value.null? ? nil : value.to_s.force_encoding("UTF-8")
        when "int32_t" then parameters.empty? ? value : check(value) # what takes nothing and gives a number gives no status
        end
      end
    end

    # To be called on the thread that made the call: the message is that thread's.
    def self.check(status)
      return if status == 0
      raised = Thread.current.thread_variable_get(:gan_raised)
      Thread.current.thread_variable_set(:gan_raised, nil)
      raise raised || Error.new(status, gan_error_message)
    end

    # A block as C may call it, within Guard.around.
    def self.called_back(*types, &block)
      Fiddle::Closure::BlockCaller.new(Fiddle::TYPE_INT, types) { |*arguments| Guard.current.call { block.call(*arguments) } }
    end

    DESTROY = {
      "options" => method(:gan_options_destroy), "dataset" => method(:gan_dataset_destroy), "trainer" => method(:gan_trainer_destroy),
      "generator" => method(:gan_generator_destroy), "sampler" => method(:gan_sampler_destroy), "checkpoint" => method(:gan_checkpoint_destroy),
      "classifier" => method(:gan_classifier_destroy), "evaluation" => method(:gan_evaluation_destroy),
      "applier" => method(:gan_applier_destroy),
    }.freeze

    # Calls work with a start and a count, for all of a total. Ruby hears signals and other threads between calls of C, so one
    # takes about a twentieth of a second; how much that is, is kept in pace. The results are the same bits.
    def self.in_pieces(pace, name, first, total)
      return yield(0, total) if total >= 2**63 # what no call of C can count, one call refuses
      done = 0
      loop do
        at_once = pace[name] || first
        count = [at_once, total - done].min
        started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
        yield done, count
        spent = [Process.clock_gettime(Process::CLOCK_MONOTONIC) - started, 1e-6].max
        pace[name] = [1, [(0.05 * count / spent).to_i, 4 * at_once].min].max if total > at_once
        done += count
        break if done >= total
      end
    end

    # Out-parameters: memory that a call fills, unpacked.
    def self.out(format, bytes)
      memory = "\0".b * bytes
      yield memory
      memory.unpack(format)
    end

    # What a function copies into a buffer: first its size, then itself.
    def self.sized(function, *arguments)
      size = out("Q", 8) { |memory| public_send(function, *arguments, nil, 0, memory) }.first
      buffer = "\0".b * size
      public_send(function, *arguments, buffer, size, "\0".b * 8)
      buffer
    end

    def self.text(function, *arguments) = sized(function, *arguments).delete_suffix("\0").force_encoding("UTF-8")

    def self.image_size(*axes)
      axes.each { |axis| raise TypeError, "A size is #{axis.inspect}; expected a whole number" unless axis.is_a?(Integer) }.reduce(:*)
    end

    def self.items(bytes, size, what)
      raise ArgumentError, "#{bytes} bytes are not a whole number of #{what} of #{size} bytes" if size <= 0 || bytes % size != 0
      bytes / size
    end

    # Floats of an array, or packed already.
    def self.floats(values) = values.is_a?(String) ? values : values.to_a.pack("e*")

    # Integers of an array; pack would cut them.
    def self.integers(values, range, format, what)
      values.to_a.each do |value|
        raise TypeError, "Among the #{what} is #{value.inspect}; expected whole numbers" unless value.is_a?(Integer)
        raise RangeError, "Among the #{what} is #{value}; expected #{range.min} to #{range.max}" unless range.cover?(value)
      end
      values.to_a.pack(format)
    end

    def self.bytes(values) = values.is_a?(String) ? values : integers(values, 0..255, "C*", "bytes")
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
      options = made { |out| C.gan_options_create(out) }
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
      C.gan_options_set(handle, name, value.is_a?(Array) ? value.map { |item| setting(item) }.join(",") : setting(value))
    end

    # The text that the library reads as this value. A number that is whole is one to it, whatever its type: 7.0 is 7.
    def setting(value)
      value.is_a?(Float) && value.finite? && value == value.to_i && value.abs <= 2**53 ? value.to_i.to_s : value.to_s
    end
    private :setting

    # Of type integer, real or boolean; of type real, or integer to a whole number.
    def set_integer(name, value) = C.gan_options_set_integer(handle, name, value)
    def set_real(name, value) = C.gan_options_set_real(handle, name, value)

    def [](name) = C.text(:gan_options_get, handle, name)
  end

  # Images, with labels or without.
  class Dataset < Handle
    KIND = "dataset"

    # Images from a file or a folder: IDX (MNIST) or PNG.
    def self.open(path, options = {}, &block)
      scoped(Options.of(options) { |settings| made { |out| C.gan_dataset_open(path, settings, out) } }, &block)
    end

    # Images, and labels if any, from two files.
    def self.open_idx(images, labels = nil, options = {}, &block)
      scoped(Options.of(options) { |settings| made { |out| C.gan_dataset_open_idx(images, labels, settings, out) } }, &block)
    end

    # Data that the library makes itself: a name of made_data; from is the dataset of digits that some are made of.
    def self.make(name, count = 0, seed = 0, from: nil, &block)
      scoped(made { |out| C.gan_dataset_make(name, count, seed, from&.handle, out) }, &block)
    end

    # Writes everything into a file, NPY where its name ends in .npy, else IDX; labels into another.
    def write(path, labels = nil) = C.gan_dataset_write(handle, path, labels)

    # Images of bytes, in a string or an array, 0 (black) to 255.
    def self.from_bytes(pixels, height, width, channels = 1, labels: nil, &block)
      pixels = C.bytes(pixels)
      count = C.items(pixels.bytesize, C.image_size(height, width, channels), "images")
      labels = labelled(labels, count)
      scoped(made { |out| C.gan_dataset_create_bytes(pixels, count, height, width, channels, labels, 0, nil, nil, out) }, &block)
    end

    # Images of floats, in an array or packed with "e*", from black to white.
    def self.from_floats(values, height, width, channels = 1, black: 0.0, white: 1.0, labels: nil, &block)
      values = C.floats(values)
      count = C.items(values.bytesize, 4 * C.image_size(height, width, channels), "images")
      labels = labelled(labels, count)
      scoped(made { |out| C.gan_dataset_create_floats(values, count, height, width, channels, black, white, labels, 0, nil, nil, out) }, &block)
    end

    # Images that the block delivers when they are needed: given an array of indices, it gives as many images of floats from 0
    # (black) to 1, in an array or packed. What it raises, the call that needed the images raises.
    def self.from_callback(count, height, width, channels = 1, &fill)
      size = 4 * C.image_size(height, width, channels)
      pointer = Fiddle::TYPE_VOIDP
      function = C.called_back(pointer, pointer, Fiddle::TYPE_LONG_LONG, pointer) do |_, indices, wanted, values|
        images = C.floats(fill.call(indices[0, 8 * wanted].unpack("q*")))
        raise ArgumentError, "The block gave #{images.bytesize / 4} values; expected #{size * wanted / 4}" if images.bytesize != size * wanted
        values[0, images.bytesize] = images
        false
      end
      dataset = made { |out| C.gan_dataset_create_callback(function, count, height, width, channels, nil, nil, out) }
      dataset.instance_variable_set(:@kept, function)
      dataset
    end

    def self.labelled(labels, count)
      raise ArgumentError, "There are #{labels.size} labels for #{count} images" if labels && labels.size != count
      labels && C.integers(labels, -2**31...2**31, "l*", "labels")
    end
    private_class_method :labelled

    # Values of any rank, count items of axes, in an array or packed with "e*"; their range is their own unless it is given.
    def self.from_values(values, axes, minimum: 0.0, maximum: 0.0, name: nil, &block)
      values = C.floats(values)
      count = C.items(values.bytesize, 4 * C.image_size(*axes), "items")
      sizes = C.integers(axes, -2**63...2**63, "q*", "axes")
      scoped(made { |out| C.gan_dataset_create_values(values, count, sizes, axes.size, minimum, maximum, name, nil, nil, out) }, &block)
    end

    # A table out of a string of comma-separated values: what open does with a file that ends in .csv.
    def self.from_csv(text, options = {}, &block)
      scoped(Options.of(options) { |settings| made { |out| C.gan_dataset_create_table(text, text.bytesize, settings, out) } }, &block)
    end

    # The fields of several datasets as those of one: {"source" => sketches, "target" => photos}. Those that are not paired have each a
    # number of items of their own, and are taken in an order of their own.
    def self.combine(datasets, paired: true)
      handles = datasets.values.map { |dataset| dataset.handle.to_i }.pack("Q*")
      dataset = made { |out| C.gan_dataset_combine(handles, datasets.size, datasets.keys.join("\n"), paired ? 1 : 0, out) }
      dataset.instance_variable_set(:@kept, datasets.values.map(&:kept))
      dataset
    end

    # The same dataset with a label more for each item, whose classes have names or none.
    def with_labels(labels, names: [], classes: 0, name: nil)
      each(labels.size, "labels", 1)
      packed = C.integers(labels, -2**31...2**31, "l*", "labels")
      with { |out| C.gan_dataset_add_labels(handle, name, packed, classes, names.join("\n"), out) }
    end

    # The same dataset with tags, names.size zeros and ones for each item.
    def with_tags(tags, names, name: nil)
      packed = C.bytes(tags)
      each(packed.bytesize, "tags", names.size)
      with { |out| C.gan_dataset_add_tags(handle, name, packed, names.join("\n"), out) }
    end

    # The same dataset with a text for each item, of at most length characters; 0 for those of the longest.
    def with_texts(texts, length: 0, name: nil)
      packed = texts.map { |text| C.argument(text, "const char *", "texts").b + "\0".b }.join
      with { |out| C.gan_dataset_add_texts(handle, name, packed, packed.bytesize, length, out) }
    end

    Field = Struct.new(:name, :kind, :shape, :items, :range, :classes)

    # What an item has.
    def fields
      count = C.out("l", 4) { |memory| C.gan_dataset_field_count(handle, memory) }.first
      Array.new(count) do |index|
        ends = "\0".b * 8
        pointer = Fiddle::Pointer[ends]
        C.gan_dataset_field_range(handle, index, pointer, pointer + 4)
        classes = C.out("l", 4) { |memory| C.gan_dataset_field_classes(handle, index, memory) }.first
        names = Array.new(classes) { |number| C.text(:gan_dataset_field_class_name, handle, index, number) }
        items = C.out("q", 8) { |memory| C.gan_dataset_field_items(handle, index, memory) }.first
        Field.new(C.text(:gan_dataset_field_name, handle, index), C.text(:gan_dataset_field_kind, handle, index), axes(index), items, ends.unpack("e2"), names)
      end
    end

    # Items of field number index as floats, within its range.
    def read_field(index, first, count)
      size = [count, 0].max * axes(index).reduce(1, :*)
      C.out("e*", 4 * size) { |memory| Guard.around { C.gan_dataset_field_read(handle, index, first, count, memory, size) } }
    end

    # The name of an item's class, its tags with commas between them, or its text.
    def field_text(index, item) = C.text(:gan_dataset_field_text, handle, index, item)

    def axes(index)
      rank = "\0".b * 8
      C.out("q*", 64) { |memory| C.gan_dataset_field_shape(handle, index, memory, 8, rank) }.take(rank.unpack1("Q"))
    end
    private :axes

    def each(size, what, width)
      return if size == shape.first * width
      raise ArgumentError, "There are #{size} #{what} for #{shape.first} items; expected #{width} for each"
    end
    private :each

    def with(&make)
      dataset = self.class.send(:made, &make)
      dataset.instance_variable_set(:@kept, kept)
      dataset
    end
    private :with

    attr_reader :kept # the function that fills batches, which trainers keep too

    # [count, height, width, channels]
    def shape
      size = "\0".b * 12
      pointer = Fiddle::Pointer[size]
      count = C.out("q", 8) { |memory| C.gan_dataset_shape(handle, memory, pointer, pointer + 4, pointer + 8) }
      count + size.unpack("l3")
    end

    def classes = C.out("l", 4) { |memory| C.gan_dataset_classes(handle, memory) }.first

    # What the data call their classes.
    def class_names = Array.new(classes) { |index| C.text(:gan_dataset_class_name, handle, index) }

    # Images as floats from 0 (black) to 1.
    def read(first, count)
      size = [count, 0].max * shape.drop(1).reduce(:*)
      C.out("e*", 4 * size) { |memory| Guard.around { C.gan_dataset_read(handle, first, count, memory, size) } }
    end

    def read_labels(first, count)
      size = [count, 0].max
      C.out("l*", 4 * size) { |memory| C.gan_dataset_read_labels(handle, first, count, memory, size) }
    end
  end

  # A generator and a discriminator in training.
  class Trainer < Handle
    KIND = "trainer"

    def self.open(dataset, options = {}, &block)
      scoped(Options.of(options) { |settings| made(dataset) { |out| C.gan_trainer_create(settings, dataset.handle, out) } }, &block)
    end

    # Goes on from a checkpoint as if the training had never stopped.
    def self.load(path, dataset, options = {}, &block)
      scoped(Options.of(options) { |settings| made(dataset) { |out| C.gan_trainer_load(path, settings, dataset.handle, out) } }, &block)
    end

    # Goes on from the contents of a checkpoint file.
    def self.from_bytes(checkpoint, dataset, options = {}, &block)
      raise TypeError, "The checkpoint is #{checkpoint.class}; expected a string of its bytes" unless checkpoint.is_a?(String)
      scoped(Options.of(options) { |settings| made(dataset) { |out| C.gan_trainer_load_memory(checkpoint, checkpoint.bytesize, settings, dataset.handle, out) } }, &block)
    end

    def save(path) = C.gan_trainer_save(handle, path)

    # What save writes.
    def to_bytes = C.sized(:gan_trainer_save_memory, handle)

    # Raises what save would raise, and leaves everything as it was.
    def check_save(path) = C.gan_trainer_check_save(handle, path)

    # Whether a training that was loaded has the images that it had before: :same, :other or :unknown.
    def data = { 1 => :same, 2 => :other }.fetch(C.out("l", 4) { |memory| C.gan_trainer_data(handle, memory) }.first, :unknown)

    # Trains for so many steps. Signals and what other threads raise end it between two steps.
    def step(steps = 1)
      return Guard.around { C.gan_trainer_step(handle, steps) } if @kept
      C.argument(steps, "int64_t", "steps")
      cancels = @cancels
      C.in_pieces(@pace, :step, 1, steps) do |done, count|
        raise Error.new(-50, "The training was cancelled after step #{metric("step").to_i}.") if @cancels != cancels && done.positive?
        C.gan_trainer_step(handle, count)
      end
      nil
    end

    # Trains. The block is called with the trainer and the event after every epoch (EPOCH) and about twenty times a second
    # between (PROGRESS); when it returns something true, run raises GAN_E_CANCELLED. What it raises, run raises. Ctrl-C and
    # what other threads raise, such as Timeout, end the run too: the trainer stands between two steps and can be saved.
    def run(epochs, &block)
      pointer = Fiddle::TYPE_VOIDP
      function = C.called_back(pointer, pointer, Fiddle::TYPE_INT) { |_, _, event| block && block.call(self, event) }
      failure = nil
      Guard.around do
        C.gan_trainer_run(handle, epochs, function, nil)
      rescue Error => error # what another thread raises comes first
        failure = error
      end
      raise failure if failure
    end

    # Ends a run; may be called from any thread.
    def cancel
      @cancels += 1
      C.gan_trainer_cancel(handle)
    end

    # "step", "epoch", "discriminator.loss", … as gan_trainer_metric lists them.
    def metric(name) = C.out("d", 8) { |memory| C.gan_trainer_metric(handle, name, memory) }.first
    # The names of this training's metrics.
    def metrics
      count = C.out("l", 4) { |memory| C.gan_trainer_metric_count(handle, memory) }.first
      Array.new(count) { |index| C.text(:gan_trainer_metric_name, handle, index) }
    end

    def option(name) = C.text(:gan_trainer_option, handle, name)

    # [height, width, channels] of a row of a preview.
    def preview_shape
      C.out("l3", 12) { |memory| (at = Fiddle::Pointer[memory]) && C.gan_trainer_preview_shape(handle, at, at + 4, at + 8) }
    end

    # Rows of what is read of the data, what is made of it and the truth, as bytes.
    def preview(first, count)
      C.argument(first, "int64_t", "first")
      C.argument(count, "int64_t", "count")
      pixels = "\0".b * (preview_shape.reduce(:*) * [count, 0].max)
      C.gan_trainer_preview(handle, first, count, pixels, pixels.bytesize)
      pixels
    end

    # A snapshot, which further training does not change.
    def generator(&block) = Generator.of(self, &block)

    # A snapshot of what the recipe classifier trains.
    def classifier(&block) = Classifier.of(self, &block)

    # Lets a classifier judge in the evaluations of the option evaluate.every; nil for random features.
    def judge(classifier) = C.gan_trainer_judge(handle, classifier&.handle)

    private

    def own(handle, dataset)
      super(handle)
      @kept, @pace, @cancels = dataset.kept, {}, 0
    end
  end

  # A trained generator: immutable, and shared freely.
  class Generator < Handle
    KIND = "generator"

    def self.load(path, &block) = scoped(made { |out| C.gan_generator_load(path, out) }, &block)
    # From the contents of a checkpoint file.
    def self.from_bytes(checkpoint, &block)
      raise TypeError, "The checkpoint is #{checkpoint.class}; expected a string of its bytes" unless checkpoint.is_a?(String)
      scoped(made { |out| C.gan_generator_load_memory(checkpoint, checkpoint.bytesize, out) }, &block)
    end

    def self.of(trainer, &block) = scoped(made { |out| C.gan_trainer_generator(trainer.handle, out) }, &block)

    def save(path) = C.gan_generator_save(handle, path)

    # What save writes.
    def to_bytes = C.sized(:gan_generator_save_memory, handle)

    def latent_size = C.out("l", 4) { |memory| C.gan_generator_latent_size(handle, memory) }.first

    # [height, width, channels]
    def shape
      C.out("l3", 12) { |memory| (at = Fiddle::Pointer[memory]) && C.gan_generator_shape(handle, at, at + 4, at + 8) }
    end

    # Axes of what is made: [height, width, channels], [n], [depth, height, width, channels].
    def axes
      rank = "\0".b * 8
      C.out("q*", 64) { |memory| C.gan_generator_axes(handle, memory, 8, rank) }.take(rank.unpack1("Q"))
    end

    # What is black and what is white among the floats of an image.
    def range
      C.out("e2", 8) { |memory| (at = Fiddle::Pointer[memory]) && C.gan_generator_range(handle, at, at + 4) }
    end

    # What samples are made of; Sampler#set sets all but the first.
    def inputs
      count = C.out("l", 4) { |memory| C.gan_generator_input_count(handle, memory) }.first
      Array.new(count) do |index|
        width = C.out("l", 4) { |memory| C.gan_generator_input_width(handle, index, memory) }.first
        classes = C.out("l", 4) { |memory| C.gan_generator_input_classes(handle, index, memory) }.first
        names = Array.new(classes) { |number| C.text(:gan_generator_input_class_name, handle, index, number) }
        Input.new(C.text(:gan_generator_input_name, handle, index), C.text(:gan_generator_input_kind, handle, index), width, names)
      end
    end

    # The columns of the rows that a generator of the recipe table makes.
    def columns
      count = C.out("l", 4) { |memory| C.gan_generator_column_count(handle, memory) }.first
      Array.new(count) do |index|
        categories = C.out("l", 4) { |memory| C.gan_generator_column_categories(handle, index, memory) }.first
        Column.new(C.text(:gan_generator_column_name, handle, index), C.text(:gan_generator_column_kind, handle, index),
                   Array.new(categories) { |number| cell_text(index, number) })
      end
    end

    # A cell of Sampler#draw_rows as the data write it.
    def cell_text(index, cell) = C.text(:gan_generator_column_text, handle, index, cell.to_f)

    def option(name) = C.text(:gan_generator_option, handle, name)
    def sampler(options = {}, &block) = Sampler.open(self, options, &block)
    def applier(options = {}, &block) = Applier.open(self, options, &block)
  end

  # Draws from a generator; one a thread. Sample i under a seed is the same whatever it is drawn together with.
  class Sampler < Handle
    KIND = "sampler"

    def self.open(generator, options = {}, &block)
      sizes = [generator.shape.reduce(:*), generator.latent_size]
      scoped(Options.of(options) { |settings| made(*sizes) { |out| C.gan_sampler_create(generator.handle, settings, out) } }, &block)
    end

    # Sets an input from text ("7", a class's name, "0,1,2"), a number, or rows in an array; nil unsets it. A string is always
    # text: rows that are packed are unpacked first.
    def set(name, value)
      return C.gan_sampler_set(handle, name, value.to_s) if value.nil? || value.is_a?(Integer) || value.is_a?(String)
      rows = C.floats(value.is_a?(Numeric) ? [value] : value)
      C.gan_sampler_set_values(handle, name, rows, rows.bytesize / 4)
    end

    # Latents of samples first … first + count − 1, packed floats like everything below but bytes.
    def latents(seed, first, count) = drawn(:gan_sampler_latents, @latent, 4, seed, first, count)
    def draw(seed, first, count) = drawn(:gan_sampler_draw, @image, 4, seed, first, count)

    # Samples as bytes from 0 (black) to 255.
    def draw_bytes(seed, first, count) = drawn(:gan_sampler_draw_bytes, @image, 1, seed, first, count)

    # Images of the caller's latents, packed or in an array; as bytes.
    def decode(latents) = decoded(:gan_sampler_decode, 4, latents)
    def decode_bytes(latents) = decoded(:gan_sampler_decode_bytes, 1, latents)

    # Latents on the way from one to another, both included, for decode.
    def path(from, to, count, path = SPHERICAL)
      from, to = ends(from, to)
      filled(4 * @latent, count) { |memory, room| C.gan_sampler_path(handle, from, to, path, count, memory, room / 4) }
    end

    # The latent at a place, from 0 to 1, of that way.
    def path_at(from, to, place, path = SPHERICAL)
      from, to = ends(from, to)
      filled(4 * @latent, 1) { |memory, room| C.gan_sampler_path_at(handle, from, to, path, place, memory, room / 4) }
    end

    private def ends(*latents)
      latents = latents.map { |latent| C.floats(latent) }
      raise ArgumentError, "A latent has #{@latent} numbers" unless latents.all? { |latent| latent.bytesize == 4 * @latent }
      latents
    end

    # A grid of samples as the bytes of a PNG.
    def png(seed, first, count, columns: 8, margin: 2, scale: 1)
      C.sized(:gan_sampler_encode_png, handle, seed, first, count, columns, margin, scale)
    end

    def write_png(path, seed, first, count, columns: 8, margin: 2, scale: 1)
      C.gan_sampler_write_png(handle, seed, first, count, columns, margin, scale, path)
    end

    # Samples as an IDX file of bytes, which Dataset.open reads; as a NumPy file of floats in the generator's range.
    def write_idx(path, seed, first, count) = C.gan_sampler_write_idx(handle, seed, first, count, path)
    def write_npy(path, seed, first, count) = C.gan_sampler_write_npy(handle, seed, first, count, path)

    # What rows of a table are to meet: "city=Seoul", or several such; nothing for any rows.
    def where(*conditions) = C.gan_sampler_where(handle, conditions.flatten.compact.join("\n"))

    # Rows of a table of so many columns, each an array: places of categories, numbers, seconds since 1970; NaN where a value is missing.
    def draw_rows(seed, first, count, columns)
      packed = filled(8 * columns, count) { |memory, room| C.gan_sampler_draw_rows(handle, seed, first, count, memory, room / 8) }
      packed.unpack("E*").each_slice(columns).to_a
    end

    # Rows of a table as comma-separated values.
    def write_csv(path, seed, first, count) = C.gan_sampler_write_csv(handle, seed, first, count, path)

    private

    def own(handle, image, latent)
      super(handle)
      @image, @latent, @pace = image, latent, {}
    end

    # Memory for so many items of values of so many bytes, which a function of a seed, a first sample and a count fills.
    def drawn(function, values, bytes, seed, first, count)
      C.argument(first, "int64_t", "first")
      C.argument(count, "int64_t", "count")
      filled(values * bytes, count) do |memory, _|
        at = Fiddle::Pointer[memory]
        C.in_pieces(@pace, function, 64, count) do |start, part|
          C.public_send(function, handle, seed, first + start, part, at + start * values * bytes, values * [part, 0].max)
        end
      end
    end

    def decoded(function, bytes, latents)
      latents = C.floats(latents)
      count = C.items(latents.bytesize, 4 * @latent, "latents")
      from = Fiddle::Pointer[latents]
      filled(@image * bytes, count) do |memory, _|
        at = Fiddle::Pointer[memory]
        C.in_pieces(@pace, function, 64, count) do |start, part|
          C.public_send(function, handle, from + start * 4 * @latent, part, at + start * @image * bytes, @image * part)
        end
      end
    end

    def filled(size, count)
      memory = "\0".b * (size * [count, 0].max)
      yield memory, memory.bytesize
      memory
    end
  end

  # Makes pictures of pictures, of any size; what the recipes image-to-image, super-resolution and inpainting train. One thread at a
  # time; a picture that is begun is finished before a signal is heard.
  class Applier < Handle
    KIND = "applier"

    def self.open(generator, options = {}, &block)
      scoped(Options.of(options) { |settings| made { |out| C.gan_applier_create(generator.handle, settings, out) } }, &block)
    end

    # [channels of what is read, channels of what is made, whether a mask goes with every picture]
    def channels
      read, made, takes_mask = C.out("l3", 12) { |memory| (at = Fiddle::Pointer[memory]) && C.gan_applier_channels(handle, at, at + 4, at + 8) }
      [read, made, takes_mask == 1]
    end

    # [height, width, channels] of what is made of a picture.
    def shape(height, width)
      sides = C.out("l2", 8) { |memory| (at = Fiddle::Pointer[memory]) && C.gan_applier_shape(handle, height, width, at, at + 4) }
      [*sides, channels[1]]
    end

    # Of a picture of floats from 0 to 1, in an array or packed; the mask is above 0.5 where it is missing. Packed.
    def apply(pixels, height, width, mask: nil, seed: 0)
      applied(:gan_applier_apply, 4, C.floats(pixels), height, width, mask && C.floats(mask), seed)
    end

    # The same of bytes; the mask is above 127 where the picture is missing.
    def apply_bytes(pixels, height, width, mask: nil, seed: 0)
      applied(:gan_applier_apply_bytes, 1, C.bytes(pixels), height, width, mask && C.bytes(mask), seed)
    end

    # How many frames are looked at to say which one follows; 0 for a model that makes a picture of one picture.
    def frames = C.out("l", 4) { |memory| C.gan_applier_frames(handle, memory) }.first

    # The frames that follow frames of floats from 0 to 1, in an array or packed, the oldest first. Packed.
    def predict(frames, height, width, count: 1, seed: 0)
      predicted(:gan_applier_predict, 4, C.floats(frames), height, width, count, seed)
    end

    # The same of bytes.
    def predict_bytes(frames, height, width, count: 1, seed: 0)
      predicted(:gan_applier_predict_bytes, 1, C.bytes(frames), height, width, count, seed)
    end

    private

    def predicted(function, bytes, frames, height, width, count, seed)
      values = shape(height, width).reduce(:*)
      frame = height * width * channels[0] * bytes
      given, rest = frames.bytesize.divmod(frame)
      raise ArgumentError, "A frame of #{height} x #{width} has #{frame} bytes; here are #{frames.bytesize}" unless rest.zero?
      total = [count, 0].max * values
      made = "\0".b * (bytes * total)
      C.public_send(function, handle, seed, frames, given, height, width, count, made, total)
      made
    end

    def applied(function, bytes, pixels, height, width, mask, seed)
      values = shape(height, width).reduce(:*)
      [["A picture", pixels, height * width * channels[0]], ["A mask", mask, height * width]].each do |what, given, expected|
        next if given.nil? || given.bytesize == bytes * expected
        raise ArgumentError, "#{what} of #{height} x #{width} has #{bytes * expected} bytes; here are #{given.bytesize}"
      end
      made = "\0".b * (bytes * values)
      C.public_send(function, handle, seed, pixels, mask, height, width, made, values)
      made
    end
  end

  # Tells the classes of pictures; what the recipe classifier trains. One thread at a time.
  class Classifier < Handle
    KIND = "classifier"

    def self.load(path, options = {}, &block)
      scoped(Options.of(options) { |settings| made { |out| C.gan_classifier_load(path, settings, out) } }, &block)
    end

    # From the contents of a checkpoint file.
    def self.from_bytes(checkpoint, options = {}, &block)
      raise TypeError, "The checkpoint is #{checkpoint.class}; expected a string of its bytes" unless checkpoint.is_a?(String)
      scoped(Options.of(options) { |settings| made { |out| C.gan_classifier_load_memory(checkpoint, checkpoint.bytesize, settings, out) } }, &block)
    end

    def self.of(trainer, &block) = scoped(made { |out| C.gan_trainer_classifier(trainer.handle, out) }, &block)

    # [height, width, channels]
    def shape
      size = "\0".b * 12
      pointer = Fiddle::Pointer[size]
      C.gan_classifier_shape(handle, pointer, pointer + 4, pointer + 8)
      size.unpack("l3")
    end

    # What it tells beside features: "labels", "tags", or "" for an autoencoder.
    def target = C.text(:gan_classifier_target, handle)

    def classes = C.out("l", 4) { |memory| C.gan_classifier_classes(handle, memory) }.first
    def class_names = Array.new(classes) { |index| C.text(:gan_classifier_class_name, handle, index) }

    # How many numbers the features of a picture are.
    def features = C.out("l", 4) { |memory| C.gan_classifier_features(handle, memory) }.first

    # Class probabilities and features, packed with "e*", of images of floats from 0 (black) to 1, in an array or packed.
    def run(images)
      images = C.floats(images)
      count = C.items(images.bytesize, 4 * C.image_size(*shape), "images")
      probabilities, vectors = "\0".b * (4 * count * classes), "\0".b * (4 * count * features)
      C.gan_classifier_run(handle, images, count, probabilities, count * classes, vectors, count * features)
      [probabilities, vectors]
    end
  end

  Measure = Struct.new(:name, :summary, :paper, :range, :goal, :needs, :samples, :minimum)

  # What evaluations can measure.
  def self.measures
    Array.new(C.gan_measure_count) do |i|
      Measure.new(C.gan_measure_name(i), C.gan_measure_summary(i), C.gan_measure_paper(i), C.gan_measure_range(i), C.gan_measure_goal(i),
                  C.gan_measure_needs(i), C.gan_measure_samples(i), C.out("q", 8) { |memory| C.gan_measure_minimum(i, memory) }.first)
    end
  end

  # Samples beside data: evaluation["frechet-distance"].
  class Evaluation < Handle
    KIND = "evaluation"

    # Samples 0 … count − 1 under the seed.
    def self.of_generator(generator, dataset, classifier: nil, count: 10_000, seed: 0, options: {}, &block)
      scoped(Options.of(options) do |settings|
        made do |out|
          Guard.around { C.gan_evaluate_generator(generator.handle, dataset.handle, classifier&.handle, settings, seed, count, out) }
        end
      end, &block)
    end

    # Pictures, whoever made them.
    def self.of_dataset(samples, dataset, classifier: nil, options: {}, &block)
      scoped(Options.of(options) do |settings|
        made { |out| Guard.around { C.gan_evaluate_dataset(samples.handle, dataset.handle, classifier&.handle, settings, out) } }
      end, &block)
    end

    # Features of any network, rows of `width` floats in arrays or packed.
    def self.of_features(samples, data, width, options: {}, &block)
      samples, data = C.floats(samples), C.floats(data)
      counts = [samples, data].map { |rows| C.items(rows.bytesize, 4 * C.image_size(width), "rows") }
      scoped(Options.of(options) { |settings| made { |out| C.gan_evaluate_features(samples, counts[0], data, counts[1], width, settings, out) } }, &block)
    end

    # How many samples and how many items of the data.
    def counts = pair("q2", 8) { |first, second| C.gan_evaluation_counts(handle, first, second) }

    # A measure's value and its spread, which is NaN where the measure has none.
    def value(name) = pair("d2", 8) { |first, second| C.gan_evaluation_value(handle, name, first, second) }

    def [](name) = value(name).first

    # The item of the data nearest to a sample, and how far their features are from each other.
    def nearest(sample) = pair("qd", 8) { |first, second| C.gan_evaluation_nearest(handle, sample, first, second) }

    # What the classifier takes a sample for, and how sure it is.
    def class_of(sample) = pair("lf", 4) { |first, second| C.gan_evaluation_class(handle, sample, first, second) }

    # How many samples, and how many items, the classifier takes for a class.
    def class_counts(index) = pair("q2", 8) { |first, second| C.gan_evaluation_class_counts(handle, index, first, second) }

    private

    def pair(format, bytes)
      C.out(format, 2 * bytes) do |memory|
        pointer = Fiddle::Pointer[memory]
        yield pointer, pointer + bytes
      end
    end
  end

  # A checkpoint to be looked at; to draw from it load a Generator, to train on a Trainer. It may be shared.
  class Checkpoint < Handle
    KIND = "checkpoint"
    # A tensor in the file; its shape is [inputs, outputs] for a fully connected layer, its type "F32" where libgan wrote it.
    Tensor = Struct.new(:name, :shape, :type)

    def self.open(path, &block) = scoped(made { |out| C.gan_checkpoint_open(path, out) }, &block)

    # "kind", "step" or "seed".
    def text(name) = C.text(:gan_checkpoint_text, handle, name)
    def option(name) = C.text(:gan_checkpoint_option, handle, name)

    # Every tensor, in the order of the file.
    def tensors
      count = C.out("q", 8) { |memory| C.gan_checkpoint_tensor_count(handle, memory) }.first
      Array.new(count) do |i|
        axes = "\0".b * (8 * 64) # no tensor has more
        rank = C.out("Q", 8) { |memory| C.gan_checkpoint_tensor_shape(handle, i, axes, 64, memory) }.first
        Tensor.new(C.text(:gan_checkpoint_tensor_name, handle, i), axes.unpack("q#{rank}"), C.text(:gan_checkpoint_tensor_type, handle, i))
      end
    end

    # The numbers of a tensor, packed.
    def read(name)
      index = tensors.index { |tensor| tensor.name == name } or raise KeyError, "There is no tensor #{name.inspect}"
      count = C.out("Q", 8) { |memory| C.gan_checkpoint_tensor_read(handle, index, nil, 0, memory) }.first
      values = "\0".b * (4 * count)
      C.gan_checkpoint_tensor_read(handle, index, values, count, "\0".b * 8)
      values
    end
  end

  # The pixels of a PNG or JPEG file that is in a string, and [height, width, channels]; convert is 0 for the file's own channels,
  # 1 for grey, 3 for RGB, 4 for RGBA. The second takes PNG alone, and no 4.
  def self.decode_image(file, convert = 0) = decoded(:gan_image_decode, file, convert)
  def self.decode_png(file, convert = 0) = decoded(:gan_image_decode_png, file, convert)

  def self.decoded(function, file, convert)
    raise TypeError, "The file is #{file.class}; expected a string of its bytes" unless file.is_a?(String)
    size = "\0".b * 12
    at = Fiddle::Pointer[size]
    C.public_send(function, file, file.bytesize, convert, nil, 0, at, at + 4, at + 8)
    pixels = "\0".b * size.unpack("l3").reduce(:*)
    C.public_send(function, file, file.bytesize, convert, pixels, pixels.bytesize, at, at + 4, at + 8)
    [pixels, size.unpack("l3")]
  end
  private_class_method :decoded

  # The same as packed floats from 0 to 1, with all of 16 bits; [height, width, channels]; and how many bits a channel the file has.
  def self.decode_image_floats(file, convert = 0)
    raise TypeError, "The file is #{file.class}; expected a string of its bytes" unless file.is_a?(String)
    size = "\0".b * 16
    at = Fiddle::Pointer[size]
    C.gan_image_decode_floats(file, file.bytesize, convert, nil, 0, at, at + 4, at + 8, at + 12)
    values = size.unpack("l3").reduce(:*)
    pixels = "\0".b * (4 * values)
    C.gan_image_decode_floats(file, file.bytesize, convert, pixels, values, at, at + 4, at + 8, at + 12)
    [pixels, size.unpack("l3"), size.unpack("l4").last]
  end

  # One picture of floats from 0 to 1, packed or in an array, as the bytes of a PNG with 8 or 16 bits a channel.
  def self.encode_png(pixels, height, width, channels = 1, depth: 8)
    pixels, expected = C.floats(pixels), 4 * C.image_size(height, width, channels)
    raise ArgumentError, "A picture of #{height} x #{width} x #{channels} has #{expected} bytes; here are #{pixels.bytesize}" if pixels.bytesize != expected
    C.sized(:gan_image_encode_png, pixels, height, width, channels, depth)
  end

  # Writes the caller's images, bytes in a string or an array, into one PNG: a grid, row by row.
  def self.write_png(path, pixels, height, width, channels = 1, columns: 8, margin: 2, scale: 1)
    pixels = C.bytes(pixels)
    count = C.items(pixels.bytesize, C.image_size(height, width, channels), "images")
    C.gan_image_write_png(pixels, count, height, width, channels, columns, margin, scale, path)
  end

  # A closed surface: packed floats x, y (up) and z of each vertex, those of its normal, outwards, and packed integers, three vertices a triangle.
  Mesh = Struct.new(:positions, :normals, :triangles)

  # The surface of the shape that a volume [depth, height, width] of floats holds, whose axes are x, y (up) and z.
  def self.shape_mesh(values, depth, height, width, level: 0.5)
    values, _count = volumes(values, depth, height, width, false)
    counts = "\0".b * 16
    at = Fiddle::Pointer[counts]
    C.gan_shape_mesh(values, depth, height, width, level, nil, nil, 0, at, nil, 0, at + 8)
    vertices, faces = counts.unpack("Q2")
    mesh = Mesh.new("\0".b * (12 * vertices), "\0".b * (12 * vertices), "\0".b * (12 * faces))
    C.gan_shape_mesh(values, depth, height, width, level, mesh.positions, mesh.normals, vertices, at, mesh.triangles, faces, at + 8)
    mesh
  end

  # A picture of it, side x side bytes; seen from the front at azimuth 0 and from the right at 90, in degrees.
  def self.shape_render(values, depth, height, width, level: 0.5, azimuth: 35.0, elevation: 25.0, side: 128)
    values, _count = volumes(values, depth, height, width, false)
    pixels = "\0".b * C.image_size(side, side)
    C.gan_shape_render(values, depth, height, width, level, azimuth, elevation, side, pixels, pixels.bytesize)
    pixels
  end

  # Writes the shape of a volume: .obj, .stl, .binvox; or of several: .npy, or .png with views of each.
  def self.shape_write(path, values, depth, height, width, level: 0.5)
    values, count = volumes(values, depth, height, width, true)
    C.gan_shape_write(values, count, depth, height, width, level, path)
  end

  def self.volumes(values, depth, height, width, several)
    values, size = C.floats(values), 4 * C.image_size(depth, height, width)
    count = C.items(values.bytesize, size, "volumes")
    raise ArgumentError, "A volume of #{depth} x #{height} x #{width} has #{size} bytes; here are #{values.bytesize}" if count != 1 && !several
    [values, count]
  end
  private_class_method :volumes
end
