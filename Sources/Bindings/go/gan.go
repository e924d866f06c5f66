// Package gan is libgan from Go: copy this file into a folder gan of your module.
//
//	digits, err := gan.Open("digits/", nil)
//	trainer, err := gan.NewTrainer(digits, nil)
//	err = trainer.Run(20, nil)
//	err = trainer.Save("digits.safetensors")
//
// Every failure is a *gan.Error with the library's sentence; errors.Is(err, gan.NotFound) asks for a status. Handles are
// closed by Close, or by the garbage collector. Options may be nil. A trainer or sampler belongs to one goroutine at a
// time; a generator or dataset may be shared, and Cancel may be called from any goroutine. Images are slices,
// [count, height, width, channels] without gaps. Details, units and errors stand in gan.h.
package gan

/*
#cgo pkg-config: gan
#include <stdint.h>
#include <stdlib.h>
#include <gan.h>

int32_t ganProgress(void *context, gan_trainer *trainer, int32_t event);
int32_t ganFill(void *context, int64_t *indices, int64_t count, float *values);
void ganRelease(void *context);
*/
import "C"

import (
	"fmt"
	"math"
	"runtime"
	"runtime/cgo"
	"strings"
	"sync"
	"unsafe"
)

// A Status is a kind of failure. Its numbers never change.
type Status int32

const (
	InvalidArgument Status = C.GAN_E_INVALID_ARGUMENT
	InvalidHandle   Status = C.GAN_E_INVALID_HANDLE
	BufferTooSmall  Status = C.GAN_E_BUFFER_TOO_SMALL
	UnknownName     Status = C.GAN_E_UNKNOWN_NAME
	OutOfRange      Status = C.GAN_E_OUT_OF_RANGE
	Busy            Status = C.GAN_E_BUSY
	OutOfMemory     Status = C.GAN_E_OUT_OF_MEMORY
	NotFound        Status = C.GAN_E_NOT_FOUND
	Access          Status = C.GAN_E_ACCESS
	IO              Status = C.GAN_E_IO
	NoSpace         Status = C.GAN_E_NO_SPACE
	BadFormat       Status = C.GAN_E_BAD_FORMAT
	Truncated       Status = C.GAN_E_TRUNCATED
	Checksum        Status = C.GAN_E_CHECKSUM
	NewerVersion    Status = C.GAN_E_NEWER_VERSION
	Mismatch        Status = C.GAN_E_MISMATCH
	BadData         Status = C.GAN_E_BAD_DATA
	Cancelled       Status = C.GAN_E_CANCELLED
	Diverged        Status = C.GAN_E_DIVERGED
	Callback        Status = C.GAN_E_CALLBACK
	Internal        Status = C.GAN_E_INTERNAL
)

// Error is the status's name, such as "GAN_E_NOT_FOUND".
func (status Status) Error() string { return C.GoString(C.gan_status_name(C.int32_t(status))) }

// An Error is what a call failed with.
type Error struct {
	Status  Status
	Message string // what was wrong, what was expected, and what to do
}

func (err *Error) Error() string { return err.Message }
func (err *Error) Unwrap() error { return err.Status }

// check makes a call, and an error of its status. The message belongs to the thread that made the call, and between two
// calls of C a goroutine may be moved to another thread; so it is locked to its thread until the message is copied.
func check(call func() C.int32_t) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if status := call(); status != C.GAN_OK {
		return &Error{Status(status), C.GoString(C.gan_error_message())}
	}
	return nil
}

// invalid is a failure that never reaches the library.
func invalid(format string, values ...any) error {
	return &Error{InvalidArgument, fmt.Sprintf(format, values...)}
}

// Must is for small programs: it panics when there is an error, and else hands the value on.
func Must[T any](value T, err error) T {
	Check(err)
	return value
}

// Check panics when there is an error.
func Check(err error) {
	if err != nil {
		panic(err)
	}
}

// Version of the library that is loaded.
func Version() string { return C.GoString(C.gan_version_string()) }

// VersionNumber is 10000 · major + 100 · minor + patch.
func VersionNumber() int { return int(C.gan_version()) }

// An OptionDescription is what the library tells about an option. Minimum and Maximum are NaN for one without bounds, and
// Condition, the values of other options under which it has a meaning, is "" for always.
type OptionDescription struct {
	Name, Type, Default, Range, Summary string
	Minimum, Maximum                    float64
	Condition                           string
}

// DescribeOptions gives every option there is.
func DescribeOptions() []OptionDescription {
	options := make([]OptionDescription, int(C.gan_option_count()))
	for i := range options {
		index := C.int32_t(i)
		minimum, maximum := C.double(math.NaN()), C.double(math.NaN())
		C.gan_option_bounds(index, &minimum, &maximum) // leaves them as they are where there are none
		options[i] = OptionDescription{C.GoString(C.gan_option_name(index)), C.GoString(C.gan_option_type(index)), C.GoString(C.gan_option_default(index)),
			C.GoString(C.gan_option_range(index)), C.GoString(C.gan_option_summary(index)), float64(minimum), float64(maximum),
			C.GoString(C.gan_option_condition(index))}
	}
	return options
}

// A Recipe is what can be trained: a value of the option "recipe".
type Recipe struct {
	Name, Summary, Paper string
	Options              []string // that only it has
}

// Recipes gives everything that can be trained.
func Recipes() []Recipe {
	recipes := make([]Recipe, C.gan_recipe_count())
	for i := range recipes {
		index := C.int32_t(i)
		recipes[i] = Recipe{C.GoString(C.gan_recipe_name(index)), C.GoString(C.gan_recipe_summary(index)), C.GoString(C.gan_recipe_paper(index)), nil}
		if options := C.GoString(C.gan_recipe_options(index)); options != "" {
			recipes[i].Options = strings.Split(options, ",")
		}
	}
	return recipes
}

// MadeData gives the data sets that the library makes itself: their names, and what they are.
func MadeData() map[string]string {
	made := map[string]string{}
	for i := C.int32_t(0); i < C.gan_made_count(); i++ {
		made[C.GoString(C.gan_made_name(i))] = C.GoString(C.gan_made_summary(i))
	}
	return made
}

// DescribeMetrics gives every metric of a trainer: its name and what it means.
func DescribeMetrics() map[string]string {
	metrics := map[string]string{}
	for i := C.int32_t(0); i < C.gan_metric_count(); i++ {
		metrics[C.GoString(C.gan_metric_name(i))] = C.GoString(C.gan_metric_summary(i))
	}
	return metrics
}

// InstructionSet that the arithmetic uses.
func InstructionSet() string { return C.GoString(C.gan_instruction_set()) }

// text lends C a copy of strings.
func text(use func(text []*C.char) C.int32_t, values ...string) error {
	pointers := make([]*C.char, len(values))
	for i, value := range values {
		if strings.IndexByte(value, 0) >= 0 {
			return invalid("%q has a byte 0 inside.", value)
		}
		pointers[i] = C.CString(value)
		defer C.free(unsafe.Pointer(pointers[i]))
	}
	return check(func() C.int32_t { return use(pointers) })
}

// cString is a copy of a string for C, to be freed.
func cString(value string) (*C.char, error) {
	if strings.IndexByte(value, 0) >= 0 {
		return nil, invalid("%q has a byte 0 inside.", value)
	}
	return C.CString(value), nil
}

// sized is what a function copies into a buffer: first its size, then itself.
func sized(get func(buffer unsafe.Pointer, capacity C.size_t, size *C.size_t) C.int32_t) ([]byte, error) {
	var size C.size_t
	if err := check(func() C.int32_t { return get(nil, 0, &size) }); err != nil {
		return nil, err
	}
	bytes, err := room[byte](1, int(size))
	if err != nil {
		return nil, err
	}
	err = check(func() C.int32_t { return get(unsafe.Pointer(first(bytes)), C.size_t(len(bytes)), &size) })
	return bytes, err
}

// readText is text that a function copies into a buffer.
func readText(get func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t) (string, error) {
	bytes, err := sized(func(buffer unsafe.Pointer, capacity C.size_t, size *C.size_t) C.int32_t {
		return get((*C.char)(buffer), capacity, size)
	})
	return strings.TrimSuffix(string(bytes), "\x00"), err
}

// read is text of which a function is asked by name.
func read(name string, get func(name, buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t) (string, error) {
	if strings.IndexByte(name, 0) >= 0 {
		return "", invalid("%q has a byte 0 inside.", name)
	}
	pointer := C.CString(name)
	defer C.free(unsafe.Pointer(pointer))
	return readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
		return get(pointer, buffer, capacity, size)
	})
}

// first is where a slice begins, as C wants it.
func first[T any](values []T) *T {
	if len(values) == 0 {
		return new(T) // nothing is read or written there
	}
	return &values[0]
}

// room is a slice for so many items; a negative count is left to the library, which has a sentence for it.
func room[T any](count, size int) ([]T, error) {
	if count < 0 {
		count = 0
	}
	// What Go cannot allocate ends the program, so what no machine has is refused here.
	if size > 0 && count > (1<<46)/size/int(unsafe.Sizeof(*new(T))) {
		return nil, &Error{OutOfMemory, fmt.Sprintf("%d items of %d values do not fit into memory.", count, size)}
	}
	return make([]T, count*size), nil
}

// items is how many items of a size there are.
func items(values, size int, what string) (C.int64_t, error) {
	if size <= 0 {
		return 0, invalid("The size of %s is not positive, or too large.", what)
	}
	if values%size != 0 {
		return 0, invalid("%d values are not a whole number of %s of %d values.", values, what, size)
	}
	return C.int64_t(values / size), nil
}

// Options are settings; what is not set has its default.
type Options struct{ handle *C.gan_options }

func NewOptions() (*Options, error) {
	options := &Options{}
	if err := check(func() C.int32_t { return C.gan_options_create(&options.handle) }); err != nil {
		return nil, err
	}
	runtime.SetFinalizer(options, (*Options).Close)
	return options, nil
}

func (options *Options) Close() {
	C.gan_options_destroy(options.handle)
	options.handle = nil
}

// Set takes numbers, booleans, strings, and slices for lists.
func (options *Options) Set(name string, value any) error {
	defer runtime.KeepAlive(options)
	written := strings.Join(strings.Fields(strings.Trim(fmt.Sprint(value), "[]")), ",") // a slice is written "[256 256]"
	if exact, is := value.(string); is {
		written = exact
	}
	return text(func(s []*C.char) C.int32_t { return C.gan_options_set(options.handle, s[0], s[1]) }, name, written)
}

// SetInteger sets an option of type integer, real or boolean.
func (options *Options) SetInteger(name string, value int64) error {
	defer runtime.KeepAlive(options)
	return text(func(s []*C.char) C.int32_t { return C.gan_options_set_integer(options.handle, s[0], C.int64_t(value)) }, name)
}

// SetReal sets an option of type real, or of type integer to a whole number.
func (options *Options) SetReal(name string, value float64) error {
	defer runtime.KeepAlive(options)
	return text(func(s []*C.char) C.int32_t { return C.gan_options_set_real(options.handle, s[0], C.double(value)) }, name)
}

func (options *Options) Get(name string) (string, error) {
	defer runtime.KeepAlive(options)
	return read(name, func(name, buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_options_get(options.handle, name, buffer, capacity, size)
	})
}

func (options *Options) raw() *C.gan_options {
	if options == nil {
		return nil
	}
	return options.handle
}

// A Shape is the size of one image.
type Shape struct{ Height, Width, Channels int }

// Values in an image; 0 for a shape that no image has.
func (shape Shape) Values() int {
	size := 1
	for _, axis := range [...]int{shape.Height, shape.Width, shape.Channels} {
		if axis <= 0 || axis > math.MaxInt32 || axis > math.MaxInt/size {
			return 0
		}
		size *= axis
	}
	return size
}

// A Dataset is images, with labels or without. It may be shared.
type Dataset struct {
	handle *C.gan_dataset
	filler *filler // nil without a callback
}

func newDataset(err error, dataset *Dataset) (*Dataset, error) {
	if err != nil {
		return nil, err
	}
	runtime.SetFinalizer(dataset, (*Dataset).Close)
	return dataset, nil
}

// Open reads images from a file or a folder: IDX (MNIST) or PNG.
func Open(path string, options *Options) (*Dataset, error) {
	defer runtime.KeepAlive(options)
	dataset := &Dataset{}
	return newDataset(text(func(s []*C.char) C.int32_t { return C.gan_dataset_open(s[0], options.raw(), &dataset.handle) }, path), dataset)
}

// OpenIDX reads images from a file, and labels from another, or "" for none.
func OpenIDX(images, labels string, options *Options) (*Dataset, error) {
	defer runtime.KeepAlive(options)
	dataset := &Dataset{}
	return newDataset(text(func(s []*C.char) C.int32_t {
		if labels == "" {
			s[1] = nil
		}
		return C.gan_dataset_open_idx(s[0], s[1], options.raw(), &dataset.handle)
	}, images, labels), dataset)
}

// Make makes data that the library makes itself: a name of MadeData, how many items, 0 for as many as are usual, and the digits
// that some are made of, or nil.
func Make(name string, count int64, seed uint64, from *Dataset) (*Dataset, error) {
	defer runtime.KeepAlive(from)
	dataset := &Dataset{}
	return newDataset(text(func(s []*C.char) C.int32_t {
		var digits *C.gan_dataset
		if from != nil {
			digits = from.handle
		}
		return C.gan_dataset_make(s[0], C.int64_t(count), C.uint64_t(seed), digits, &dataset.handle)
	}, name), dataset)
}

// Write writes everything into a file, NPY where its name ends in .npy, else IDX; labels into another, or "" for nowhere.
func (dataset *Dataset) Write(path, labels string) error {
	defer runtime.KeepAlive(dataset)
	return text(func(s []*C.char) C.int32_t {
		if labels == "" {
			s[1] = nil
		}
		return C.gan_dataset_write(dataset.handle, s[0], s[1])
	}, path, labels)
}

// filler is a dataset's callback, and the panic that may not pass through C.
type filler struct {
	fill     func(indices []int64, values []float32)
	size     int // values in an image
	lock     sync.Mutex
	panicked any
}

// FromCallback is images that a function delivers when they are needed: it fills values, [len(indices), height, width,
// channels], with numbers from 0 (black) to 1. When it panics, so does the call that needed the images.
func FromCallback(count int, shape Shape, fill func(indices []int64, values []float32)) (*Dataset, error) {
	if _, err := items(0, shape.Values(), "images"); err != nil {
		return nil, err
	}
	dataset := &Dataset{filler: &filler{fill: fill, size: shape.Values()}}
	context := (*C.uintptr_t)(C.malloc(C.size_t(unsafe.Sizeof(uintptr(0))))) // C may not keep a pointer of Go
	*context = C.uintptr_t(cgo.NewHandle(dataset.filler))
	err := check(func() C.int32_t {
		return C.gan_dataset_create_callback(C.gan_fill_fn(C.ganFill), C.int64_t(count), C.int32_t(shape.Height), C.int32_t(shape.Width),
			C.int32_t(shape.Channels), C.gan_release_fn(C.ganRelease), unsafe.Pointer(context), &dataset.handle)
	})
	if err != nil {
		ganRelease(unsafe.Pointer(context)) // a call that fails does not
	}
	return newDataset(err, dataset)
}

//export ganFill
func ganFill(context unsafe.Pointer, indices *C.int64_t, count C.int64_t, values *C.float) (status C.int32_t) {
	now := cgo.Handle(*(*C.uintptr_t)(context)).Value().(*filler)
	defer func() {
		if panicked := recover(); panicked != nil {
			now.lock.Lock()
			defer now.lock.Unlock()
			now.panicked, status = panicked, 1
		}
	}()
	now.fill(unsafe.Slice((*int64)(indices), int(count)), unsafe.Slice((*float32)(values), int(count)*now.size))
	return 0
}

//export ganRelease
func ganRelease(context unsafe.Pointer) {
	cgo.Handle(*(*C.uintptr_t)(context)).Delete()
	C.free(context)
}

// repanic panics as the callback did, if it did.
func (now *filler) repanic() {
	if now == nil {
		return
	}
	now.lock.Lock()
	panicked := now.panicked
	now.panicked = nil
	now.lock.Unlock()
	if panicked != nil {
		panic(panicked)
	}
}

// FromBytes copies images of bytes, 0 (black) to 255. There is a label for each image, or labels are nil.
func FromBytes(pixels []uint8, shape Shape, labels []int32) (*Dataset, error) {
	count, known, err := checkMemory(len(pixels), shape, labels)
	if err != nil {
		return nil, err
	}
	dataset := &Dataset{}
	return newDataset(check(func() C.int32_t {
		return C.gan_dataset_create_bytes((*C.uint8_t)(first(pixels)), count, C.int32_t(shape.Height), C.int32_t(shape.Width),
			C.int32_t(shape.Channels), known, 0, nil, nil, &dataset.handle)
	}), dataset)
}

// FromFloats copies images of floats from black to white.
func FromFloats(values []float32, shape Shape, black, white float32, labels []int32) (*Dataset, error) {
	count, known, err := checkMemory(len(values), shape, labels)
	if err != nil {
		return nil, err
	}
	dataset := &Dataset{}
	return newDataset(check(func() C.int32_t {
		return C.gan_dataset_create_floats((*C.float)(first(values)), count, C.int32_t(shape.Height), C.int32_t(shape.Width),
			C.int32_t(shape.Channels), C.float(black), C.float(white), known, 0, nil, nil, &dataset.handle)
	}), dataset)
}

func checkMemory(values int, shape Shape, labels []int32) (C.int64_t, *C.int32_t, error) {
	count, err := items(values, shape.Values(), "images")
	if labels == nil || err != nil {
		return count, nil, err
	}
	if len(labels) != int(count) {
		return 0, nil, invalid("There are %d labels for %d images.", len(labels), count)
	}
	return count, (*C.int32_t)(first(labels)), nil
}

// FromValues copies values of any rank, [count] + axes; their range is their own where minimum is maximum too.
func FromValues(values []float32, axes []int64, minimum, maximum float32, name string) (*Dataset, error) {
	size := 1
	for _, axis := range axes {
		if axis < 1 || int64(size) > math.MaxInt32/axis {
			return nil, invalid("The axes %v of an item are not positive, or too large.", axes)
		}
		size *= int(axis)
	}
	count, err := items(len(values), size, "items")
	if err != nil {
		return nil, err
	}
	called, err := cString(name)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(called))
	dataset := &Dataset{}
	return newDataset(check(func() C.int32_t {
		return C.gan_dataset_create_values((*C.float)(first(values)), count, (*C.int64_t)(first(axes)), C.int32_t(len(axes)), C.float(minimum),
			C.float(maximum), called, nil, nil, &dataset.handle)
	}), dataset)
}

// A Part is a dataset that becomes fields of another, under a name.
type Part struct {
	Name    string
	Dataset *Dataset
}

// Combine makes the fields of several datasets those of one. Those that are not paired have each a number of items of their own, and are
// taken in an order of their own.
func Combine(parts []Part, paired bool) (*Dataset, error) {
	handles := (**C.gan_dataset)(C.calloc(C.size_t(len(parts)+1), C.size_t(unsafe.Sizeof(uintptr(0)))))
	defer C.free(unsafe.Pointer(handles))
	dataset := &Dataset{}
	var names []string
	for i, part := range parts {
		unsafe.Slice(handles, len(parts))[i] = part.Dataset.handle
		names = append(names, part.Name)
		if part.Dataset.filler != nil {
			dataset.filler = part.Dataset.filler
		}
	}
	called, err := cString(strings.Join(names, "\n"))
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(called))
	isPaired := C.int32_t(0)
	if paired {
		isPaired = 1
	}
	defer runtime.KeepAlive(parts)
	return newDataset(check(func() C.int32_t {
		return C.gan_dataset_combine(handles, C.int32_t(len(parts)), called, isPaired, &dataset.handle)
	}), dataset)
}

func (dataset *Dataset) each(values int, what string, size int) error {
	count, _, err := dataset.Shape()
	if err == nil && values != count*size {
		err = invalid("There are %d %s for %d items.", values, what, count)
	}
	return err
}

// with makes a dataset of this one, of a field's name and of names a line each.
func (dataset *Dataset) with(name string, names []string, make func(name, names *C.char, out **C.gan_dataset) C.int32_t) (*Dataset, error) {
	defer runtime.KeepAlive(dataset)
	called, err := cString(name)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(called))
	lines, err := cString(strings.Join(names, "\n"))
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(lines))
	made := &Dataset{filler: dataset.filler}
	return newDataset(check(func() C.int32_t { return make(called, lines, &made.handle) }), made)
}

// FromCSV opens a table out of memory, as comma-separated values: what Open does with a file that ends in .csv.
func FromCSV(table []byte, options *Options) (*Dataset, error) {
	defer runtime.KeepAlive(options)
	made := &Dataset{}
	return newDataset(check(func() C.int32_t {
		return C.gan_dataset_create_table(unsafe.Pointer(first(table)), C.size_t(len(table)), options.raw(), &made.handle)
	}), made)
}

// WithLabels is the same dataset with a label more for each item; its classes have names, or names is nil.
func (dataset *Dataset) WithLabels(name string, labels []int32, names []string) (*Dataset, error) {
	if err := dataset.each(len(labels), "labels", 1); err != nil {
		return nil, err
	}
	return dataset.with(name, names, func(name, names *C.char, out **C.gan_dataset) C.int32_t {
		return C.gan_dataset_add_labels(dataset.handle, name, (*C.int32_t)(first(labels)), 0, names, out)
	})
}

// WithTags is the same dataset with tags, [count, len(names)] zeros and ones.
func (dataset *Dataset) WithTags(name string, tags []uint8, names []string) (*Dataset, error) {
	if err := dataset.each(len(tags), "tags", len(names)); err != nil {
		return nil, err
	}
	return dataset.with(name, names, func(name, names *C.char, out **C.gan_dataset) C.int32_t {
		return C.gan_dataset_add_tags(dataset.handle, name, (*C.uint8_t)(first(tags)), names, out)
	})
}

// WithTexts is the same dataset with a text for each item, of at most length characters; 0 for those of the longest.
func (dataset *Dataset) WithTexts(name string, texts []string, length int32) (*Dataset, error) {
	var whole []byte
	for _, text := range texts {
		if strings.IndexByte(text, 0) >= 0 {
			return nil, invalid("%q has a byte 0 inside.", text)
		}
		whole = append(append(whole, text...), 0)
	}
	return dataset.with(name, nil, func(name, _ *C.char, out **C.gan_dataset) C.int32_t {
		return C.gan_dataset_add_texts(dataset.handle, name, unsafe.Pointer(first(whole)), C.size_t(len(whole)), C.int32_t(length), out)
	})
}

// A Field is what the items of a dataset have: its kind is "values", "label", "tags" or "text".
type Field struct {
	Name, Kind       string
	Shape            []int64
	Items            int
	Minimum, Maximum float32
	Classes          []string // what its classes, tags or characters are called
}

// Fields lists what an item has.
func (dataset *Dataset) Fields() ([]Field, error) {
	defer runtime.KeepAlive(dataset)
	var count C.int32_t
	if err := check(func() C.int32_t { return C.gan_dataset_field_count(dataset.handle, &count) }); err != nil {
		return nil, err
	}
	fields := make([]Field, int(count))
	for i := range fields {
		index := C.int32_t(i)
		var items C.int64_t
		var minimum, maximum C.float
		var classes C.int32_t
		shape, err := dataset.axes(index)
		if err == nil {
			err = check(func() C.int32_t { return C.gan_dataset_field_items(dataset.handle, index, &items) })
		}
		if err == nil {
			err = check(func() C.int32_t { return C.gan_dataset_field_range(dataset.handle, index, &minimum, &maximum) })
		}
		if err == nil {
			err = check(func() C.int32_t { return C.gan_dataset_field_classes(dataset.handle, index, &classes) })
		}
		if err != nil {
			return nil, err
		}
		fields[i] = Field{Shape: shape, Items: int(items), Minimum: float32(minimum), Maximum: float32(maximum), Classes: make([]string, int(classes))}
		fields[i].Name, err = readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
			return C.gan_dataset_field_name(dataset.handle, index, buffer, capacity, size)
		})
		if err == nil {
			fields[i].Kind, err = readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
				return C.gan_dataset_field_kind(dataset.handle, index, buffer, capacity, size)
			})
		}
		for k := range fields[i].Classes {
			if err == nil {
				fields[i].Classes[k], err = readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
					return C.gan_dataset_field_class_name(dataset.handle, index, C.int32_t(k), buffer, capacity, size)
				})
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return fields, nil
}

func (dataset *Dataset) axes(index C.int32_t) ([]int64, error) {
	var sizes [8]C.int64_t
	var rank C.size_t
	err := check(func() C.int32_t { return C.gan_dataset_field_shape(dataset.handle, index, &sizes[0], 8, &rank) })
	axes := make([]int64, int(rank))
	for i := range axes {
		axes[i] = int64(sizes[i])
	}
	return axes, err
}

// ReadField gives items of a field as floats, within its range.
func (dataset *Dataset) ReadField(index int32, start, count int) ([]float32, error) {
	defer runtime.KeepAlive(dataset)
	axes, err := dataset.axes(C.int32_t(index))
	if err != nil {
		return nil, err
	}
	size := 1
	for _, axis := range axes {
		size *= int(axis)
	}
	values, err := room[float32](count, size)
	if err != nil {
		return nil, err
	}
	defer dataset.filler.repanic()
	return values, check(func() C.int32_t {
		return C.gan_dataset_field_read(dataset.handle, C.int32_t(index), C.int64_t(start), C.int64_t(count), (*C.float)(first(values)), C.size_t(len(values)))
	})
}

// FieldText is the name of an item's class, its tags with commas between them, or its text.
func (dataset *Dataset) FieldText(index int32, item int64) (string, error) {
	defer runtime.KeepAlive(dataset)
	return readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_dataset_field_text(dataset.handle, C.int32_t(index), C.int64_t(item), buffer, capacity, size)
	})
}

func (dataset *Dataset) Close() {
	C.gan_dataset_destroy(dataset.handle)
	dataset.handle = nil
}

// Shape is the number of images and the size of one.
func (dataset *Dataset) Shape() (int, Shape, error) {
	defer runtime.KeepAlive(dataset)
	var count C.int64_t
	var height, width, channels C.int32_t
	err := check(func() C.int32_t { return C.gan_dataset_shape(dataset.handle, &count, &height, &width, &channels) })
	return int(count), Shape{int(height), int(width), int(channels)}, err
}

// Classes is how many classes the labels name; 0 without labels.
func (dataset *Dataset) Classes() (int, error) {
	defer runtime.KeepAlive(dataset)
	var classes C.int32_t
	err := check(func() C.int32_t { return C.gan_dataset_classes(dataset.handle, &classes) })
	return int(classes), err
}

// ClassName is what the data call a class.
func (dataset *Dataset) ClassName(index int32) (string, error) {
	defer runtime.KeepAlive(dataset)
	return readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_dataset_class_name(dataset.handle, C.int32_t(index), buffer, capacity, size)
	})
}

// Read gives images as floats from 0 (black) to 1.
func (dataset *Dataset) Read(start, count int) ([]float32, error) {
	defer runtime.KeepAlive(dataset)
	_, shape, err := dataset.Shape()
	if err != nil {
		return nil, err
	}
	values, err := room[float32](count, shape.Values())
	if err != nil {
		return nil, err
	}
	defer dataset.filler.repanic()
	return values, check(func() C.int32_t {
		return C.gan_dataset_read(dataset.handle, C.int64_t(start), C.int64_t(count), (*C.float)(first(values)), C.size_t(len(values)))
	})
}

func (dataset *Dataset) ReadLabels(start, count int) ([]int32, error) {
	defer runtime.KeepAlive(dataset)
	labels, err := room[int32](count, 1)
	if err != nil {
		return nil, err
	}
	return labels, check(func() C.int32_t {
		return C.gan_dataset_read_labels(dataset.handle, C.int64_t(start), C.int64_t(count), (*C.int32_t)(first(labels)), C.size_t(len(labels)))
	})
}

// An Event is what a progress function is told. Ignore one that you do not know.
type Event int32

const (
	EpochEnded Event = C.GAN_EVENT_EPOCH
	StepsMade  Event = C.GAN_EVENT_PROGRESS // about twenty times a second
)

// A Trainer is a generator and a discriminator in training.
type Trainer struct {
	handle *C.gan_trainer
	filler *filler // the dataset's, nil without
}

func newTrainer(err error, trainer *Trainer) (*Trainer, error) {
	if err != nil {
		return nil, err
	}
	runtime.SetFinalizer(trainer, (*Trainer).Close)
	return trainer, nil
}

func NewTrainer(dataset *Dataset, options *Options) (*Trainer, error) {
	defer runtime.KeepAlive(options)
	defer runtime.KeepAlive(dataset)
	trainer := &Trainer{filler: dataset.filler}
	return newTrainer(check(func() C.int32_t { return C.gan_trainer_create(options.raw(), dataset.handle, &trainer.handle) }), trainer)
}

// LoadTrainer goes on from a checkpoint as if the training had never stopped.
func LoadTrainer(path string, dataset *Dataset, options *Options) (*Trainer, error) {
	defer runtime.KeepAlive(options)
	defer runtime.KeepAlive(dataset)
	trainer := &Trainer{filler: dataset.filler}
	return newTrainer(text(func(s []*C.char) C.int32_t {
		return C.gan_trainer_load(s[0], options.raw(), dataset.handle, &trainer.handle)
	}, path), trainer)
}

// TrainerFromBytes goes on from the contents of a checkpoint file.
func TrainerFromBytes(checkpoint []byte, dataset *Dataset, options *Options) (*Trainer, error) {
	defer runtime.KeepAlive(options)
	defer runtime.KeepAlive(dataset)
	trainer := &Trainer{filler: dataset.filler}
	return newTrainer(check(func() C.int32_t {
		return C.gan_trainer_load_memory(unsafe.Pointer(first(checkpoint)), C.size_t(len(checkpoint)), options.raw(), dataset.handle, &trainer.handle)
	}), trainer)
}

// Bytes are what Save writes.
func (trainer *Trainer) Bytes() ([]byte, error) {
	defer runtime.KeepAlive(trainer)
	return sized(func(buffer unsafe.Pointer, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_trainer_save_memory(trainer.handle, buffer, capacity, size)
	})
}

// CheckSave fails as Save would, and leaves everything as it was.
func (trainer *Trainer) CheckSave(path string) error {
	defer runtime.KeepAlive(trainer)
	return text(func(s []*C.char) C.int32_t { return C.gan_trainer_check_save(trainer.handle, s[0]) }, path)
}

// A Comparison tells whether a training that was loaded has the images that it had before.
type Comparison int32

const (
	DataUnknown Comparison = C.GAN_DATA_UNKNOWN
	SameData    Comparison = C.GAN_DATA_SAME
	OtherData   Comparison = C.GAN_DATA_OTHER
)

func (trainer *Trainer) Data() (Comparison, error) {
	defer runtime.KeepAlive(trainer)
	var comparison C.int32_t
	err := check(func() C.int32_t { return C.gan_trainer_data(trainer.handle, &comparison) })
	return Comparison(comparison), err
}

func (trainer *Trainer) Close() {
	C.gan_trainer_destroy(trainer.handle)
	trainer.handle = nil
}

func (trainer *Trainer) Save(path string) error {
	defer runtime.KeepAlive(trainer)
	return text(func(s []*C.char) C.int32_t { return C.gan_trainer_save(trainer.handle, s[0]) }, path)
}

func (trainer *Trainer) Step(steps int) error {
	defer runtime.KeepAlive(trainer)
	err := check(func() C.int32_t { return C.gan_trainer_step(trainer.handle, C.int64_t(steps)) })
	trainer.filler.repanic()
	return err
}

// watch is a run's callback, and the panic that may not pass through C.
type watch struct {
	trainer  *Trainer
	progress func(*Trainer, Event) bool
	panicked any
}

// Run trains. progress may be nil; it is called after every epoch and about twenty times a second between. When it
// returns true, Run returns the error Cancelled; when it panics, so does Run.
func (trainer *Trainer) Run(epochs int, progress func(trainer *Trainer, event Event) (stop bool)) error {
	defer runtime.KeepAlive(trainer)
	if progress == nil {
		err := check(func() C.int32_t { return C.gan_trainer_run(trainer.handle, C.int64_t(epochs), nil, nil) })
		trainer.filler.repanic()
		return err
	}
	now := &watch{trainer, progress, nil}
	handle := cgo.NewHandle(now) // C may not keep a pointer to a pointer of Go
	defer handle.Delete()
	err := check(func() C.int32_t {
		return C.gan_trainer_run(trainer.handle, C.int64_t(epochs), C.gan_progress_fn(C.ganProgress), unsafe.Pointer(&handle))
	})
	if now.panicked != nil {
		panic(now.panicked)
	}
	trainer.filler.repanic()
	return err
}

//export ganProgress
func ganProgress(context unsafe.Pointer, _ *C.gan_trainer, event C.int32_t) (stop C.int32_t) {
	now := (*cgo.Handle)(context).Value().(*watch)
	defer func() {
		if now.panicked = recover(); now.panicked != nil {
			stop = 1
		}
	}()
	if now.progress(now.trainer, Event(event)) {
		return 1
	}
	return 0
}

// Cancel ends a run; it may be called from any goroutine.
func (trainer *Trainer) Cancel() error {
	defer runtime.KeepAlive(trainer)
	return check(func() C.int32_t { return C.gan_trainer_cancel(trainer.handle) })
}

// Metric is "step", "epoch", "discriminator.loss", … as gan_trainer_metric lists them.
func (trainer *Trainer) Metric(name string) (float64, error) {
	defer runtime.KeepAlive(trainer)
	var value C.double
	err := text(func(s []*C.char) C.int32_t { return C.gan_trainer_metric(trainer.handle, s[0], &value) }, name)
	return float64(value), err
}

// Metrics gives the names of this training's metrics.
func (trainer *Trainer) Metrics() ([]string, error) {
	defer runtime.KeepAlive(trainer)
	var count C.int32_t
	if err := check(func() C.int32_t { return C.gan_trainer_metric_count(trainer.handle, &count) }); err != nil {
		return nil, err
	}
	names := make([]string, count)
	for i := range names {
		name, err := readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
			return C.gan_trainer_metric_name(trainer.handle, C.int32_t(i), buffer, capacity, size)
		})
		if err != nil {
			return nil, err
		}
		names[i] = name
	}
	return names, nil
}

// PreviewShape is the size of a row of a preview.
func (trainer *Trainer) PreviewShape() (Shape, error) {
	defer runtime.KeepAlive(trainer)
	var height, width, channels C.int32_t
	err := check(func() C.int32_t { return C.gan_trainer_preview_shape(trainer.handle, &height, &width, &channels) })
	return Shape{int(height), int(width), int(channels)}, err
}

// Preview gives rows of what is read of the data, what is made of it and the truth, as bytes.
func (trainer *Trainer) Preview(start int64, count int) ([]uint8, error) {
	defer runtime.KeepAlive(trainer)
	shape, err := trainer.PreviewShape()
	if err != nil {
		return nil, err
	}
	pixels, err := room[uint8](count, shape.Values())
	if err != nil {
		return nil, err
	}
	return pixels, check(func() C.int32_t {
		return C.gan_trainer_preview(trainer.handle, C.int64_t(start), C.int64_t(count), (*C.uint8_t)(first(pixels)), C.size_t(len(pixels)))
	})
}

func (trainer *Trainer) Option(name string) (string, error) {
	defer runtime.KeepAlive(trainer)
	return read(name, func(name, buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_trainer_option(trainer.handle, name, buffer, capacity, size)
	})
}

// Generator is a snapshot, which further training does not change.
func (trainer *Trainer) Generator() (*Generator, error) {
	defer runtime.KeepAlive(trainer)
	generator := &Generator{}
	return newGenerator(check(func() C.int32_t { return C.gan_trainer_generator(trainer.handle, &generator.handle) }), generator)
}

// Classifier is a snapshot of what the recipe classifier trains.
func (trainer *Trainer) Classifier() (*Classifier, error) {
	defer runtime.KeepAlive(trainer)
	classifier := &Classifier{}
	return newClassifier(check(func() C.int32_t { return C.gan_trainer_classifier(trainer.handle, &classifier.handle) }), classifier)
}

// Judge lets a classifier judge in the evaluations of the option evaluate.every; nil for random features.
func (trainer *Trainer) Judge(classifier *Classifier) error {
	defer runtime.KeepAlive(trainer)
	defer runtime.KeepAlive(classifier)
	return check(func() C.int32_t { return C.gan_trainer_judge(trainer.handle, classifier.raw()) })
}

// A Generator is trained and immutable. It may be shared.
type Generator struct{ handle *C.gan_generator }

func newGenerator(err error, generator *Generator) (*Generator, error) {
	if err != nil {
		return nil, err
	}
	runtime.SetFinalizer(generator, (*Generator).Close)
	return generator, nil
}

func LoadGenerator(path string) (*Generator, error) {
	generator := &Generator{}
	return newGenerator(text(func(s []*C.char) C.int32_t { return C.gan_generator_load(s[0], &generator.handle) }, path), generator)
}

// GeneratorFromBytes takes the contents of a checkpoint file.
func GeneratorFromBytes(checkpoint []byte) (*Generator, error) {
	generator := &Generator{}
	return newGenerator(check(func() C.int32_t {
		return C.gan_generator_load_memory(unsafe.Pointer(first(checkpoint)), C.size_t(len(checkpoint)), &generator.handle)
	}), generator)
}

func (generator *Generator) Close() {
	C.gan_generator_destroy(generator.handle)
	generator.handle = nil
}

func (generator *Generator) Save(path string) error {
	defer runtime.KeepAlive(generator)
	return text(func(s []*C.char) C.int32_t { return C.gan_generator_save(generator.handle, s[0]) }, path)
}

// Bytes are what Save writes.
func (generator *Generator) Bytes() ([]byte, error) {
	defer runtime.KeepAlive(generator)
	return sized(func(buffer unsafe.Pointer, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_generator_save_memory(generator.handle, buffer, capacity, size)
	})
}

func (generator *Generator) LatentSize() (int, error) {
	defer runtime.KeepAlive(generator)
	var size C.int32_t
	err := check(func() C.int32_t { return C.gan_generator_latent_size(generator.handle, &size) })
	return int(size), err
}

func (generator *Generator) Shape() (Shape, error) {
	defer runtime.KeepAlive(generator)
	var height, width, channels C.int32_t
	err := check(func() C.int32_t { return C.gan_generator_shape(generator.handle, &height, &width, &channels) })
	return Shape{int(height), int(width), int(channels)}, err
}

// Axes are those of what is made: [height, width, channels], [n], [depth, height, width, channels].
func (generator *Generator) Axes() ([]int64, error) {
	defer runtime.KeepAlive(generator)
	var sizes [8]C.int64_t
	var rank C.size_t
	err := check(func() C.int32_t { return C.gan_generator_axes(generator.handle, &sizes[0], 8, &rank) })
	axes := make([]int64, int(rank))
	for i := range axes {
		axes[i] = int64(sizes[i])
	}
	return axes, err
}

// Range is what is black and what is white among the floats of an image.
func (generator *Generator) Range() (low, high float32, err error) {
	defer runtime.KeepAlive(generator)
	err = check(func() C.int32_t { return C.gan_generator_range(generator.handle, (*C.float)(&low), (*C.float)(&high)) })
	return
}

// An Input is what samples are made of: "latent", "label", "category" or "code", with so many numbers a row, and its classes' names.
type Input struct {
	Name, Kind string
	Width      int
	Classes    []string
}

// Inputs gives what samples are made of; Sampler.Set sets all but the first.
func (generator *Generator) Inputs() ([]Input, error) {
	defer runtime.KeepAlive(generator)
	var count C.int32_t
	if err := check(func() C.int32_t { return C.gan_generator_input_count(generator.handle, &count) }); err != nil {
		return nil, err
	}
	inputs := make([]Input, count)
	for i := range inputs {
		index := C.int32_t(i)
		var width, classes C.int32_t
		var err error
		if err = check(func() C.int32_t { return C.gan_generator_input_width(generator.handle, index, &width) }); err != nil {
			return nil, err
		}
		if err = check(func() C.int32_t { return C.gan_generator_input_classes(generator.handle, index, &classes) }); err != nil {
			return nil, err
		}
		inputs[i].Width = int(width)
		if inputs[i].Name, err = readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
			return C.gan_generator_input_name(generator.handle, index, buffer, capacity, size)
		}); err != nil {
			return nil, err
		}
		if inputs[i].Kind, err = readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
			return C.gan_generator_input_kind(generator.handle, index, buffer, capacity, size)
		}); err != nil {
			return nil, err
		}
		for number := C.int32_t(0); number < classes; number++ {
			name, err := readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
				return C.gan_generator_input_class_name(generator.handle, index, number, buffer, capacity, size)
			})
			if err != nil {
				return nil, err
			}
			inputs[i].Classes = append(inputs[i].Classes, name)
		}
	}
	return inputs, nil
}

// A Column is one of the rows that a generator of the recipe table makes: a "category", "integer", "real" or "date".
type Column struct {
	Name, Kind string
	Categories []string
}

func (generator *Generator) Columns() ([]Column, error) {
	defer runtime.KeepAlive(generator)
	var count C.int32_t
	if err := check(func() C.int32_t { return C.gan_generator_column_count(generator.handle, &count) }); err != nil {
		return nil, err
	}
	columns := make([]Column, count)
	for i := range columns {
		index := C.int32_t(i)
		var categories C.int32_t
		var err error
		if err = check(func() C.int32_t { return C.gan_generator_column_categories(generator.handle, index, &categories) }); err != nil {
			return nil, err
		}
		if columns[i].Name, err = readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
			return C.gan_generator_column_name(generator.handle, index, buffer, capacity, size)
		}); err != nil {
			return nil, err
		}
		if columns[i].Kind, err = readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
			return C.gan_generator_column_kind(generator.handle, index, buffer, capacity, size)
		}); err != nil {
			return nil, err
		}
		for number := 0; number < int(categories); number++ {
			name, err := generator.CellText(i, float64(number))
			if err != nil {
				return nil, err
			}
			columns[i].Categories = append(columns[i].Categories, name)
		}
	}
	return columns, nil
}

// CellText is a cell of Sampler.DrawRows as the data write it.
func (generator *Generator) CellText(column int, cell float64) (string, error) {
	defer runtime.KeepAlive(generator)
	return readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_generator_column_text(generator.handle, C.int32_t(column), C.double(cell), buffer, capacity, size)
	})
}

func (generator *Generator) Option(name string) (string, error) {
	defer runtime.KeepAlive(generator)
	return read(name, func(name, buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_generator_option(generator.handle, name, buffer, capacity, size)
	})
}

// A Sampler draws from a generator; one a goroutine. Sample i under a seed is the same whatever it is drawn together with.
type Sampler struct {
	handle        *C.gan_sampler
	image, latent int // values in each
}

func NewSampler(generator *Generator, options *Options) (*Sampler, error) {
	defer runtime.KeepAlive(options)
	defer runtime.KeepAlive(generator)
	shape, err := generator.Shape()
	if err != nil {
		return nil, err
	}
	latent, err := generator.LatentSize()
	if err != nil {
		return nil, err
	}
	sampler := &Sampler{image: shape.Values(), latent: latent}
	if err := check(func() C.int32_t { return C.gan_sampler_create(generator.handle, options.raw(), &sampler.handle) }); err != nil {
		return nil, err
	}
	runtime.SetFinalizer(sampler, (*Sampler).Close)
	return sampler, nil
}

func (sampler *Sampler) Close() {
	C.gan_sampler_destroy(sampler.handle)
	sampler.handle = nil
}

// Set sets an input from text ("7", a class's name, "0,1,2"); "" unsets it.
func (sampler *Sampler) Set(input, value string) error {
	defer runtime.KeepAlive(sampler)
	return text(func(s []*C.char) C.int32_t { return C.gan_sampler_set(sampler.handle, s[0], s[1]) }, input, value)
}

// SetValues sets an input from rows of numbers; sample i is made of row i mod their number.
func (sampler *Sampler) SetValues(input string, values []float32) error {
	defer runtime.KeepAlive(sampler)
	return text(func(s []*C.char) C.int32_t {
		return C.gan_sampler_set_values(sampler.handle, s[0], (*C.float)(first(values)), C.int64_t(len(values)))
	}, input)
}

func (sampler *Sampler) Latents(seed uint64, start int64, count int) ([]float32, error) {
	defer runtime.KeepAlive(sampler)
	values, err := room[float32](count, sampler.latent)
	if err != nil {
		return nil, err
	}
	return values, check(func() C.int32_t {
		return C.gan_sampler_latents(sampler.handle, C.uint64_t(seed), C.int64_t(start), C.int64_t(count), (*C.float)(first(values)), C.size_t(len(values)))
	})
}

// Draw gives samples start … start + count − 1, as floats in the generator's range.
func (sampler *Sampler) Draw(seed uint64, start int64, count int) ([]float32, error) {
	defer runtime.KeepAlive(sampler)
	images, err := room[float32](count, sampler.image)
	if err != nil {
		return nil, err
	}
	return images, check(func() C.int32_t {
		return C.gan_sampler_draw(sampler.handle, C.uint64_t(seed), C.int64_t(start), C.int64_t(count), (*C.float)(first(images)), C.size_t(len(images)))
	})
}

// DrawBytes gives samples as bytes from 0 (black) to 255.
func (sampler *Sampler) DrawBytes(seed uint64, start int64, count int) ([]uint8, error) {
	defer runtime.KeepAlive(sampler)
	pixels, err := room[uint8](count, sampler.image)
	if err != nil {
		return nil, err
	}
	return pixels, check(func() C.int32_t {
		return C.gan_sampler_draw_bytes(sampler.handle, C.uint64_t(seed), C.int64_t(start), C.int64_t(count), (*C.uint8_t)(first(pixels)), C.size_t(len(pixels)))
	})
}

// Decode gives the images of the caller's latents.
func (sampler *Sampler) Decode(latents []float32) ([]float32, error) {
	defer runtime.KeepAlive(sampler)
	count, err := items(len(latents), sampler.latent, "latents")
	if err != nil {
		return nil, err
	}
	images, err := room[float32](int(count), sampler.image)
	if err != nil {
		return nil, err
	}
	return images, check(func() C.int32_t {
		return C.gan_sampler_decode(sampler.handle, (*C.float)(first(latents)), count, (*C.float)(first(images)), C.size_t(len(images)))
	})
}

// DecodeBytes gives the images of the caller's latents as bytes.
func (sampler *Sampler) DecodeBytes(latents []float32) ([]uint8, error) {
	defer runtime.KeepAlive(sampler)
	count, err := items(len(latents), sampler.latent, "latents")
	if err != nil {
		return nil, err
	}
	pixels, err := room[uint8](int(count), sampler.image)
	if err != nil {
		return nil, err
	}
	return pixels, check(func() C.int32_t {
		return C.gan_sampler_decode_bytes(sampler.handle, (*C.float)(first(latents)), count, (*C.uint8_t)(first(pixels)), C.size_t(len(pixels)))
	})
}

// A Way is how Path goes from one latent to another.
type Way int32

const (
	Linear    Way = C.GAN_PATH_LINEAR
	Spherical Way = C.GAN_PATH_SPHERICAL
)

// Path gives latents on the way from one to another, both included, for Decode.
func (sampler *Sampler) Path(from, to []float32, way Way, count int) ([]float32, error) {
	defer runtime.KeepAlive(sampler)
	if len(from) != sampler.latent || len(to) != sampler.latent {
		return nil, invalid("A latent has %d numbers.", sampler.latent)
	}
	latents, err := room[float32](count, sampler.latent)
	if err != nil {
		return nil, err
	}
	return latents, check(func() C.int32_t {
		return C.gan_sampler_path(sampler.handle, (*C.float)(first(from)), (*C.float)(first(to)), C.int32_t(way), C.int64_t(count),
			(*C.float)(first(latents)), C.size_t(len(latents)))
	})
}

// PathAt gives the latent at a place, from 0 to 1, of that way.
func (sampler *Sampler) PathAt(from, to []float32, way Way, place float64) ([]float32, error) {
	defer runtime.KeepAlive(sampler)
	if len(from) != sampler.latent || len(to) != sampler.latent {
		return nil, invalid("A latent has %d numbers.", sampler.latent)
	}
	latent, err := room[float32](1, sampler.latent)
	if err != nil {
		return nil, err
	}
	return latent, check(func() C.int32_t {
		return C.gan_sampler_path_at(sampler.handle, (*C.float)(first(from)), (*C.float)(first(to)), C.int32_t(way), C.double(place),
			(*C.float)(first(latent)), C.size_t(len(latent)))
	})
}

// A Grid is how samples stand in a picture: images a row, black pixels around each, pixels that each pixel becomes.
type Grid struct{ Columns, Margin, Scale int32 }

// EightARow is a grid for screens.
var EightARow = Grid{Columns: 8, Margin: 2, Scale: 1}

// PNG gives a grid of samples as the bytes of a file.
func (sampler *Sampler) PNG(seed uint64, start int64, count int, grid Grid) ([]byte, error) {
	defer runtime.KeepAlive(sampler)
	return sized(func(buffer unsafe.Pointer, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_sampler_encode_png(sampler.handle, C.uint64_t(seed), C.int64_t(start), C.int64_t(count), C.int32_t(grid.Columns),
			C.int32_t(grid.Margin), C.int32_t(grid.Scale), buffer, capacity, size)
	})
}

func (sampler *Sampler) WritePNG(path string, seed uint64, start int64, count int, grid Grid) error {
	defer runtime.KeepAlive(sampler)
	return text(func(s []*C.char) C.int32_t {
		return C.gan_sampler_write_png(sampler.handle, C.uint64_t(seed), C.int64_t(start), C.int64_t(count), C.int32_t(grid.Columns),
			C.int32_t(grid.Margin), C.int32_t(grid.Scale), s[0])
	}, path)
}

// WriteIDX writes samples as an IDX file of bytes, which Open reads.
func (sampler *Sampler) WriteIDX(path string, seed uint64, start int64, count int) error {
	defer runtime.KeepAlive(sampler)
	return text(func(s []*C.char) C.int32_t {
		return C.gan_sampler_write_idx(sampler.handle, C.uint64_t(seed), C.int64_t(start), C.int64_t(count), s[0])
	}, path)
}

// WriteNPY writes samples as a NumPy file of floats in the generator's range.
func (sampler *Sampler) WriteNPY(path string, seed uint64, start int64, count int) error {
	defer runtime.KeepAlive(sampler)
	return text(func(s []*C.char) C.int32_t {
		return C.gan_sampler_write_npy(sampler.handle, C.uint64_t(seed), C.int64_t(start), C.int64_t(count), s[0])
	}, path)
}

// Where says what rows of a table are to meet, "city=Seoul", a line each; "" for any.
func (sampler *Sampler) Where(conditions string) error {
	defer runtime.KeepAlive(sampler)
	return text(func(s []*C.char) C.int32_t { return C.gan_sampler_where(sampler.handle, s[0]) }, conditions)
}

// DrawRows gives rows of a table of so many columns, [count, columns]: places of categories, numbers, seconds since 1970; NaN where a value is
// missing.
func (sampler *Sampler) DrawRows(seed uint64, start int64, count, columns int) ([]float64, error) {
	defer runtime.KeepAlive(sampler)
	cells, err := room[float64](count, columns)
	if err != nil {
		return nil, err
	}
	return cells, check(func() C.int32_t {
		return C.gan_sampler_draw_rows(sampler.handle, C.uint64_t(seed), C.int64_t(start), C.int64_t(count), (*C.double)(first(cells)), C.size_t(len(cells)))
	})
}

// WriteCSV writes rows of a table as comma-separated values.
func (sampler *Sampler) WriteCSV(path string, seed uint64, start int64, count int) error {
	defer runtime.KeepAlive(sampler)
	return text(func(s []*C.char) C.int32_t {
		return C.gan_sampler_write_csv(sampler.handle, C.uint64_t(seed), C.int64_t(start), C.int64_t(count), s[0])
	}, path)
}

// A Checkpoint is a file to be looked at; to draw from it load a Generator, to train on a Trainer. It may be shared.
type Checkpoint struct{ handle *C.gan_checkpoint }

// A Tensor lies in a checkpoint; its shape is [inputs, outputs] for a fully connected layer.
type Tensor struct {
	Name  string
	Shape []int64
	Type  string // "F32" for all that libgan writes
}

func OpenCheckpoint(path string) (*Checkpoint, error) {
	checkpoint := &Checkpoint{}
	if err := text(func(s []*C.char) C.int32_t { return C.gan_checkpoint_open(s[0], &checkpoint.handle) }, path); err != nil {
		return nil, err
	}
	runtime.SetFinalizer(checkpoint, (*Checkpoint).Close)
	return checkpoint, nil
}

func (checkpoint *Checkpoint) Close() {
	C.gan_checkpoint_destroy(checkpoint.handle)
	checkpoint.handle = nil
}

// Text is "kind", "step" or "seed".
func (checkpoint *Checkpoint) Text(name string) (string, error) {
	defer runtime.KeepAlive(checkpoint)
	return read(name, func(name, buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_checkpoint_text(checkpoint.handle, name, buffer, capacity, size)
	})
}

func (checkpoint *Checkpoint) Option(name string) (string, error) {
	defer runtime.KeepAlive(checkpoint)
	return read(name, func(name, buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_checkpoint_option(checkpoint.handle, name, buffer, capacity, size)
	})
}

// Tensors are all there are, in the order of the file.
func (checkpoint *Checkpoint) Tensors() ([]Tensor, error) {
	defer runtime.KeepAlive(checkpoint)
	var count C.int64_t
	if err := check(func() C.int32_t { return C.gan_checkpoint_tensor_count(checkpoint.handle, &count) }); err != nil {
		return nil, err
	}
	tensors := []Tensor{}
	for i := C.int64_t(0); i < count; i++ {
		name, err := readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
			return C.gan_checkpoint_tensor_name(checkpoint.handle, i, buffer, capacity, size)
		})
		if err != nil {
			return nil, err
		}
		kind, err := readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
			return C.gan_checkpoint_tensor_type(checkpoint.handle, i, buffer, capacity, size)
		})
		if err != nil {
			return nil, err
		}
		var axes [64]C.int64_t // no tensor has more
		var rank C.size_t
		if err := check(func() C.int32_t { return C.gan_checkpoint_tensor_shape(checkpoint.handle, i, &axes[0], 64, &rank) }); err != nil {
			return nil, err
		}
		tensor := Tensor{name, make([]int64, int(rank)), kind}
		for axis := range tensor.Shape {
			tensor.Shape[axis] = int64(axes[axis])
		}
		tensors = append(tensors, tensor)
	}
	return tensors, nil
}

// Read gives the numbers of the tensor with this place among Tensors.
func (checkpoint *Checkpoint) Read(index int64) ([]float32, error) {
	defer runtime.KeepAlive(checkpoint)
	var count C.size_t
	read := func(values *C.float, capacity int) error {
		return check(func() C.int32_t {
			return C.gan_checkpoint_tensor_read(checkpoint.handle, C.int64_t(index), values, C.size_t(capacity), &count)
		})
	}
	if err := read(nil, 0); err != nil {
		return nil, err
	}
	values, err := room[float32](int(count), 1)
	if err != nil {
		return nil, err
	}
	return values, read((*C.float)(first(values)), len(values))
}

// An Applier makes pictures of pictures, of any size: what the recipes image-to-image, super-resolution and inpainting train. One
// goroutine at a time.
type Applier struct{ handle *C.gan_applier }

func NewApplier(generator *Generator, options *Options) (*Applier, error) {
	defer runtime.KeepAlive(options)
	defer runtime.KeepAlive(generator)
	applier := &Applier{}
	if err := check(func() C.int32_t { return C.gan_applier_create(generator.handle, options.raw(), &applier.handle) }); err != nil {
		return nil, err
	}
	runtime.SetFinalizer(applier, (*Applier).Close)
	return applier, nil
}

func (applier *Applier) Close() {
	C.gan_applier_destroy(applier.handle)
	applier.handle = nil
}

// Channels are those of what is read and of what is made, and whether a mask goes with every picture.
func (applier *Applier) Channels() (input, output int, takesMask bool, err error) {
	defer runtime.KeepAlive(applier)
	var in, out, mask C.int32_t
	err = check(func() C.int32_t { return C.gan_applier_channels(applier.handle, &in, &out, &mask) })
	return int(in), int(out), mask != 0, err
}

// Shape is that of what is made of a picture.
func (applier *Applier) Shape(height, width int32) (Shape, error) {
	defer runtime.KeepAlive(applier)
	_, channels, _, err := applier.Channels()
	if err != nil {
		return Shape{}, err
	}
	var rows, columns C.int32_t
	err = check(func() C.int32_t {
		return C.gan_applier_shape(applier.handle, C.int32_t(height), C.int32_t(width), &rows, &columns)
	})
	return Shape{int(rows), int(columns), channels}, err
}

// Apply takes a picture of floats from 0 to 1, height × width × channels; the mask, which may be nil, is above 0.5 where it is missing.
func (applier *Applier) Apply(seed uint64, pixels, mask []float32, height, width int32) ([]float32, error) {
	defer runtime.KeepAlive(applier)
	made, err := applied(applier, pixels, mask, height, width)
	if err != nil {
		return nil, err
	}
	var hidden *C.float
	if mask != nil {
		hidden = (*C.float)(first(mask))
	}
	return made, check(func() C.int32_t {
		return C.gan_applier_apply(applier.handle, C.uint64_t(seed), (*C.float)(first(pixels)), hidden, C.int32_t(height), C.int32_t(width),
			(*C.float)(first(made)), C.size_t(len(made)))
	})
}

// ApplyBytes is the same of bytes; the mask is above 127 where the picture is missing.
func (applier *Applier) ApplyBytes(seed uint64, pixels, mask []uint8, height, width int32) ([]uint8, error) {
	defer runtime.KeepAlive(applier)
	made, err := applied(applier, pixels, mask, height, width)
	if err != nil {
		return nil, err
	}
	var hidden *C.uint8_t
	if mask != nil {
		hidden = (*C.uint8_t)(first(mask))
	}
	return made, check(func() C.int32_t {
		return C.gan_applier_apply_bytes(applier.handle, C.uint64_t(seed), (*C.uint8_t)(first(pixels)), hidden, C.int32_t(height),
			C.int32_t(width), (*C.uint8_t)(first(made)), C.size_t(len(made)))
	})
}

// applied is room for what is made of a picture and a mask, whose sizes it checks.
func applied[T any](applier *Applier, pixels, mask []T, height, width int32) ([]T, error) {
	shape, err := applier.Shape(height, width)
	if err != nil {
		return nil, err
	}
	channels, _, _, err := applier.Channels()
	if err != nil {
		return nil, err
	}
	if expected := (Shape{int(height), int(width), channels}).Values(); len(pixels) != expected {
		return nil, invalid("A picture of %d×%d has %d values; here are %d.", height, width, expected, len(pixels))
	}
	if expected := (Shape{int(height), int(width), 1}).Values(); mask != nil && len(mask) != expected {
		return nil, invalid("A mask of %d×%d has %d values; here are %d.", height, width, expected, len(mask))
	}
	return room[T](1, shape.Values())
}

// Frames is how many frames are looked at to say which one follows; 0 for a model that makes a picture of one picture.
func (applier *Applier) Frames() (int, error) {
	defer runtime.KeepAlive(applier)
	var past C.int32_t
	err := check(func() C.int32_t { return C.gan_applier_frames(applier.handle, &past) })
	return int(past), err
}

// Predict takes frames of floats from 0 to 1, the oldest first, and says the count frames that follow.
func (applier *Applier) Predict(seed uint64, frames []float32, height, width, count int32) ([]float32, error) {
	defer runtime.KeepAlive(applier)
	given, made, err := predicted(applier, frames, height, width, count)
	if err != nil {
		return nil, err
	}
	return made, check(func() C.int32_t {
		return C.gan_applier_predict(applier.handle, C.uint64_t(seed), (*C.float)(first(frames)), given, C.int32_t(height), C.int32_t(width),
			C.int32_t(count), (*C.float)(first(made)), C.size_t(len(made)))
	})
}

// PredictBytes is the same of bytes.
func (applier *Applier) PredictBytes(seed uint64, frames []uint8, height, width, count int32) ([]uint8, error) {
	defer runtime.KeepAlive(applier)
	given, made, err := predicted(applier, frames, height, width, count)
	if err != nil {
		return nil, err
	}
	return made, check(func() C.int32_t {
		return C.gan_applier_predict_bytes(applier.handle, C.uint64_t(seed), (*C.uint8_t)(first(frames)), given, C.int32_t(height),
			C.int32_t(width), C.int32_t(count), (*C.uint8_t)(first(made)), C.size_t(len(made)))
	})
}

// predicted is how many frames there are, and room for those that follow.
func predicted[T any](applier *Applier, frames []T, height, width, count int32) (C.int32_t, []T, error) {
	shape, err := applier.Shape(height, width)
	if err != nil {
		return 0, nil, err
	}
	channels, _, _, err := applier.Channels()
	if err != nil {
		return 0, nil, err
	}
	frame := (Shape{int(height), int(width), channels}).Values()
	if given := len(frames) / frame; len(frames)%frame != 0 || given > math.MaxInt32 {
		return 0, nil, invalid("A frame of %d×%d has %d values; here are %d.", height, width, frame, len(frames))
	}
	made, err := room[T](int(count), shape.Values())
	return C.int32_t(len(frames) / frame), made, err
}

// A Classifier tells the classes of pictures: what the recipe classifier trains. One goroutine at a time.
type Classifier struct{ handle *C.gan_classifier }

func newClassifier(err error, classifier *Classifier) (*Classifier, error) {
	if err != nil {
		return nil, err
	}
	runtime.SetFinalizer(classifier, (*Classifier).Close)
	return classifier, nil
}

func LoadClassifier(path string, options *Options) (*Classifier, error) {
	defer runtime.KeepAlive(options)
	classifier := &Classifier{}
	return newClassifier(text(func(s []*C.char) C.int32_t { return C.gan_classifier_load(s[0], options.raw(), &classifier.handle) }, path), classifier)
}

// ClassifierFromBytes takes the contents of a checkpoint file.
func ClassifierFromBytes(checkpoint []byte, options *Options) (*Classifier, error) {
	defer runtime.KeepAlive(options)
	classifier := &Classifier{}
	return newClassifier(check(func() C.int32_t {
		return C.gan_classifier_load_memory(unsafe.Pointer(first(checkpoint)), C.size_t(len(checkpoint)), options.raw(), &classifier.handle)
	}), classifier)
}

func (classifier *Classifier) Close() {
	C.gan_classifier_destroy(classifier.handle)
	classifier.handle = nil
}

func (classifier *Classifier) raw() *C.gan_classifier {
	if classifier == nil {
		return nil
	}
	return classifier.handle
}

func (classifier *Classifier) Shape() (Shape, error) {
	defer runtime.KeepAlive(classifier)
	var height, width, channels C.int32_t
	err := check(func() C.int32_t { return C.gan_classifier_shape(classifier.handle, &height, &width, &channels) })
	return Shape{int(height), int(width), int(channels)}, err
}

func (classifier *Classifier) Classes() (int, error) {
	defer runtime.KeepAlive(classifier)
	var classes C.int32_t
	err := check(func() C.int32_t { return C.gan_classifier_classes(classifier.handle, &classes) })
	return int(classes), err
}

// Target is what it tells beside features: "labels", "tags", or "" for an autoencoder.
func (classifier *Classifier) Target() (string, error) {
	defer runtime.KeepAlive(classifier)
	return readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_classifier_target(classifier.handle, buffer, capacity, size)
	})
}

func (classifier *Classifier) ClassName(index int32) (string, error) {
	defer runtime.KeepAlive(classifier)
	return readText(func(buffer *C.char, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_classifier_class_name(classifier.handle, C.int32_t(index), buffer, capacity, size)
	})
}

// Features is how many numbers the features of a picture are.
func (classifier *Classifier) Features() (int, error) {
	defer runtime.KeepAlive(classifier)
	var features C.int32_t
	err := check(func() C.int32_t { return C.gan_classifier_features(classifier.handle, &features) })
	return int(features), err
}

// Run gives class probabilities and features of images of floats from 0 (black) to 1, a row an image.
func (classifier *Classifier) Run(images []float32) (probabilities, features []float32, err error) {
	defer runtime.KeepAlive(classifier)
	shape, err := classifier.Shape()
	if err != nil {
		return nil, nil, err
	}
	count, err := items(len(images), shape.Values(), "images")
	if err != nil {
		return nil, nil, err
	}
	classes, err := classifier.Classes()
	if err != nil {
		return nil, nil, err
	}
	width, err := classifier.Features()
	if err != nil {
		return nil, nil, err
	}
	if probabilities, err = room[float32](int(count), classes); err != nil {
		return nil, nil, err
	}
	if features, err = room[float32](int(count), width); err != nil {
		return nil, nil, err
	}
	return probabilities, features, check(func() C.int32_t {
		return C.gan_classifier_run(classifier.handle, (*C.float)(first(images)), count, (*C.float)(first(probabilities)), C.size_t(len(probabilities)),
			(*C.float)(first(features)), C.size_t(len(features)))
	})
}

// A Measure is what an evaluation can measure: Goal is "higher" or "lower", Needs "features", "classes", "labels" or "pictures",
// Samples how it depends on their number.
type Measure struct {
	Name, Summary, Paper, Range, Goal, Needs, Samples string
	Minimum                                           int64
}

// Measures gives everything that evaluations can measure.
func Measures() []Measure {
	measures := make([]Measure, C.gan_measure_count())
	for i := range measures {
		index := C.int32_t(i)
		var minimum C.int64_t
		C.gan_measure_minimum(index, &minimum)
		measures[i] = Measure{C.GoString(C.gan_measure_name(index)), C.GoString(C.gan_measure_summary(index)), C.GoString(C.gan_measure_paper(index)),
			C.GoString(C.gan_measure_range(index)), C.GoString(C.gan_measure_goal(index)), C.GoString(C.gan_measure_needs(index)),
			C.GoString(C.gan_measure_samples(index)), int64(minimum)}
	}
	return measures
}

// An Evaluation is samples beside data. One goroutine at a time.
type Evaluation struct{ handle *C.gan_evaluation }

func newEvaluation(err error, evaluation *Evaluation) (*Evaluation, error) {
	if err != nil {
		return nil, err
	}
	runtime.SetFinalizer(evaluation, (*Evaluation).Close)
	return evaluation, nil
}

// Evaluate puts samples 0 … count − 1 under the seed beside data; classifier may be nil.
func Evaluate(generator *Generator, dataset *Dataset, classifier *Classifier, count int, seed uint64, options *Options) (*Evaluation, error) {
	defer runtime.KeepAlive(generator)
	defer runtime.KeepAlive(dataset)
	defer runtime.KeepAlive(classifier)
	defer runtime.KeepAlive(options)
	evaluation := &Evaluation{}
	err := check(func() C.int32_t {
		return C.gan_evaluate_generator(generator.handle, dataset.handle, classifier.raw(), options.raw(), C.uint64_t(seed), C.int64_t(count), &evaluation.handle)
	})
	dataset.filler.repanic()
	return newEvaluation(err, evaluation)
}

// EvaluateDataset puts pictures, whoever made them, beside data; classifier may be nil.
func EvaluateDataset(samples, dataset *Dataset, classifier *Classifier, options *Options) (*Evaluation, error) {
	defer runtime.KeepAlive(samples)
	defer runtime.KeepAlive(dataset)
	defer runtime.KeepAlive(classifier)
	defer runtime.KeepAlive(options)
	evaluation := &Evaluation{}
	err := check(func() C.int32_t {
		return C.gan_evaluate_dataset(samples.handle, dataset.handle, classifier.raw(), options.raw(), &evaluation.handle)
	})
	samples.filler.repanic()
	dataset.filler.repanic()
	return newEvaluation(err, evaluation)
}

// EvaluateFeatures puts features beside features, of any network, rows of width numbers.
func EvaluateFeatures(samples, data []float32, width int, options *Options) (*Evaluation, error) {
	defer runtime.KeepAlive(options)
	some, err := items(len(samples), width, "samples")
	if err != nil {
		return nil, err
	}
	others, err := items(len(data), width, "items")
	if err != nil {
		return nil, err
	}
	evaluation := &Evaluation{}
	return newEvaluation(check(func() C.int32_t {
		return C.gan_evaluate_features((*C.float)(first(samples)), some, (*C.float)(first(data)), others, C.int32_t(width), options.raw(), &evaluation.handle)
	}), evaluation)
}

func (evaluation *Evaluation) Close() {
	C.gan_evaluation_destroy(evaluation.handle)
	evaluation.handle = nil
}

// Counts is how many samples and how many items of the data there are.
func (evaluation *Evaluation) Counts() (samples, items int, err error) {
	defer runtime.KeepAlive(evaluation)
	var some, others C.int64_t
	err = check(func() C.int32_t { return C.gan_evaluation_counts(evaluation.handle, &some, &others) })
	return int(some), int(others), err
}

// Value is a measure's value and its spread, which is NaN where the measure has none.
func (evaluation *Evaluation) Value(name string) (value, spread float64, err error) {
	defer runtime.KeepAlive(evaluation)
	var one, other C.double
	err = text(func(s []*C.char) C.int32_t { return C.gan_evaluation_value(evaluation.handle, s[0], &one, &other) }, name)
	return float64(one), float64(other), err
}

// Nearest is the item of the data nearest to a sample, and how far their features are from each other.
func (evaluation *Evaluation) Nearest(sample int) (item int, distance float64, err error) {
	defer runtime.KeepAlive(evaluation)
	var place C.int64_t
	var far C.double
	err = check(func() C.int32_t { return C.gan_evaluation_nearest(evaluation.handle, C.int64_t(sample), &place, &far) })
	return int(place), float64(far), err
}

// ClassOf is what the classifier takes a sample for, and how sure it is.
func (evaluation *Evaluation) ClassOf(sample int) (index int, probability float32, err error) {
	defer runtime.KeepAlive(evaluation)
	var class C.int32_t
	var sure C.float
	err = check(func() C.int32_t { return C.gan_evaluation_class(evaluation.handle, C.int64_t(sample), &class, &sure) })
	return int(class), float32(sure), err
}

// ClassCounts is how many samples, and how many items, the classifier takes for a class.
func (evaluation *Evaluation) ClassCounts(index int) (samples, items int, err error) {
	defer runtime.KeepAlive(evaluation)
	var some, others C.int64_t
	err = check(func() C.int32_t { return C.gan_evaluation_class_counts(evaluation.handle, C.int32_t(index), &some, &others) })
	return int(some), int(others), err
}

// DecodeImage gives the pixels of a PNG or JPEG file that is in memory; convert is 0 for the file's own channels, 1 for grey, 3
// for RGB.
func DecodeImage(file []byte, convert int32) ([]uint8, Shape, error) {
	return decoded(func(pixels *C.uint8_t, capacity int, height, width, channels *C.int32_t) C.int32_t {
		return C.gan_image_decode(unsafe.Pointer(first(file)), C.size_t(len(file)), C.int32_t(convert), pixels, C.size_t(capacity), height, width, channels)
	})
}

// DecodePNG does the same with PNG alone.
func DecodePNG(file []byte, convert int32) ([]uint8, Shape, error) {
	return decoded(func(pixels *C.uint8_t, capacity int, height, width, channels *C.int32_t) C.int32_t {
		return C.gan_image_decode_png(unsafe.Pointer(first(file)), C.size_t(len(file)), C.int32_t(convert), pixels, C.size_t(capacity), height, width, channels)
	})
}

func decoded(decode func(pixels *C.uint8_t, capacity int, height, width, channels *C.int32_t) C.int32_t) ([]uint8, Shape, error) {
	var height, width, channels C.int32_t
	if err := check(func() C.int32_t { return decode(nil, 0, &height, &width, &channels) }); err != nil {
		return nil, Shape{}, err
	}
	shape := Shape{int(height), int(width), int(channels)}
	pixels, err := room[uint8](1, shape.Values())
	if err != nil {
		return nil, Shape{}, err
	}
	err = check(func() C.int32_t { return decode((*C.uint8_t)(first(pixels)), len(pixels), &height, &width, &channels) })
	return pixels, shape, err
}

// DecodeImageFloats is the same as numbers from 0 to 1, with all of 16 bits, and how many bits a channel the file has, 8 or 16.
func DecodeImageFloats(file []byte, convert int32) (pixels []float32, shape Shape, depth int, err error) {
	var height, width, channels, bits C.int32_t
	decode := func(pixels *C.float, capacity int) error {
		return check(func() C.int32_t {
			return C.gan_image_decode_floats(unsafe.Pointer(first(file)), C.size_t(len(file)), C.int32_t(convert), pixels, C.size_t(capacity),
				&height, &width, &channels, &bits)
		})
	}
	if err = decode(nil, 0); err != nil {
		return nil, Shape{}, 0, err
	}
	shape = Shape{int(height), int(width), int(channels)}
	if pixels, err = room[float32](1, shape.Values()); err != nil {
		return nil, Shape{}, 0, err
	}
	err = decode((*C.float)(first(pixels)), len(pixels))
	return pixels, shape, int(bits), err
}

// EncodePNG gives one picture of numbers from 0 to 1 as the bytes of a PNG, with 8 or 16 bits a channel.
func EncodePNG(pixels []float32, shape Shape, depth int32) ([]byte, error) {
	if len(pixels) != shape.Values() {
		return nil, invalid("A picture of %d × %d × %d has %d values; here are %d.", shape.Height, shape.Width, shape.Channels, shape.Values(), len(pixels))
	}
	return sized(func(buffer unsafe.Pointer, capacity C.size_t, size *C.size_t) C.int32_t {
		return C.gan_image_encode_png((*C.float)(first(pixels)), C.int32_t(shape.Height), C.int32_t(shape.Width), C.int32_t(shape.Channels),
			C.int32_t(depth), buffer, capacity, size)
	})
}

// WritePNG writes the caller's images, bytes from 0 (black) to 255, into one PNG: a grid, row by row.
func WritePNG(path string, pixels []uint8, shape Shape, grid Grid) error {
	count, err := items(len(pixels), shape.Values(), "images")
	if err != nil {
		return err
	}
	return text(func(s []*C.char) C.int32_t {
		return C.gan_image_write_png((*C.uint8_t)(first(pixels)), count, C.int32_t(shape.Height), C.int32_t(shape.Width), C.int32_t(shape.Channels),
			C.int32_t(grid.Columns), C.int32_t(grid.Margin), C.int32_t(grid.Scale), s[0])
	}, path)
}

// VolumeSize is the size of a volume: cells along x, y, which is up, and z.
type VolumeSize struct{ Depth, Height, Width int }

// Values is how many cells there are; 0 for a size that no volume has.
func (size VolumeSize) Values() int {
	return Shape{size.Depth, size.Height, size.Width}.Values()
}

func (size VolumeSize) check(values []float32) error {
	if len(values) != size.Values() {
		return invalid("A volume of %d × %d × %d has %d values; here are %d.", size.Depth, size.Height, size.Width, size.Values(), len(values))
	}
	return nil
}

// Mesh is a closed surface: x, y and z of each vertex, those of its normal, outwards, and three vertices for each triangle,
// anticlockwise as seen from outside.
type Mesh struct {
	Positions, Normals []float32
	Triangles          []int32
}

// ShapeMesh gives the surface of the shape that a volume holds: what is greater than the level.
func ShapeMesh(values []float32, size VolumeSize, level float32) (Mesh, error) {
	if err := size.check(values); err != nil {
		return Mesh{}, err
	}
	var vertices, faces C.size_t
	call := func(positions, normals *C.float, triangles *C.int32_t, capacity, triangleCapacity C.size_t) error {
		return check(func() C.int32_t {
			return C.gan_shape_mesh((*C.float)(first(values)), C.int32_t(size.Depth), C.int32_t(size.Height), C.int32_t(size.Width), C.float(level),
				positions, normals, capacity, &vertices, triangles, triangleCapacity, &faces)
		})
	}
	if err := call(nil, nil, nil, 0, 0); err != nil {
		return Mesh{}, err
	}
	positions, err := room[float32](int(vertices), 3)
	if err != nil {
		return Mesh{}, err
	}
	mesh := Mesh{Positions: positions, Normals: make([]float32, len(positions))}
	if mesh.Triangles, err = room[int32](int(faces), 3); err != nil {
		return Mesh{}, err
	}
	err = call((*C.float)(first(mesh.Positions)), (*C.float)(first(mesh.Normals)), (*C.int32_t)(first(mesh.Triangles)), vertices, faces)
	return mesh, err
}

// ShapeRender gives a picture of the shape that a volume holds, side × side bytes; seen from the front at azimuth 0 and from the right at 90,
// in degrees.
func ShapeRender(values []float32, size VolumeSize, level float32, azimuth, elevation float64, side int) ([]uint8, error) {
	if err := size.check(values); err != nil {
		return nil, err
	}
	pixels, err := room[uint8](side, side)
	if err != nil {
		return nil, err
	}
	err = check(func() C.int32_t {
		return C.gan_shape_render((*C.float)(first(values)), C.int32_t(size.Depth), C.int32_t(size.Height), C.int32_t(size.Width), C.float(level),
			C.double(azimuth), C.double(elevation), C.int32_t(side), (*C.uint8_t)(first(pixels)), C.size_t(len(pixels)))
	})
	return pixels, err
}

// ShapeWrite writes the shape of a volume: .obj, .stl, .binvox; or of several: .npy, or .png with views of each.
func ShapeWrite(path string, values []float32, size VolumeSize, level float32) error {
	count, err := items(len(values), size.Values(), "volumes")
	if err != nil {
		return err
	}
	return text(func(s []*C.char) C.int32_t {
		return C.gan_shape_write((*C.float)(first(values)), count, C.int32_t(size.Depth), C.int32_t(size.Height), C.int32_t(size.Width), C.float(level), s[0])
	}, path)
}
