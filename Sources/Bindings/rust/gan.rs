//! libgan from Rust, without any crate: copy this file into your project as `gan.rs` and say `mod gan;`.
//!
//! ```text
//! let digits = gan::Dataset::open("digits/", None)?;
//! let mut trainer = gan::Trainer::new(&digits, None)?;
//! trainer.run(20)?;
//! trainer.save("digits.safetensors")?;
//! ```
//!
//! Every failure is a [`gan::Error`](Error) with the library's sentence and its status. Handles are closed when they are
//! dropped, in any order. What a function does in detail, its units and its errors stand in `gan.h`.
//!
//! `Send` and `Sync` say what `gan.h` says of threads: a [`Dataset`] or [`Generator`] is immutable and shared freely;
//! [`Options`], [`Trainer`] and [`Sampler`] may move to another thread, but are used by one at a time. A running
//! training is stopped from elsewhere through a [`Canceller`].
//!
//! Images are `Vec<f32>` or `Vec<u8>`, `[count, height, width, channels]` without gaps.
//!
//! Editions 2015 to 2024, rustc 1.82 or later: an older one wants the word `unsafe` in front of `extern "C" {` taken away.
#![allow(dead_code)] // a program rarely uses everything

use std::any::Any;
use std::cell::RefCell;
use std::ffi::{CStr, CString};
use std::mem::ManuallyDrop;
use std::ops::ControlFlow;
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::path::Path;
use std::ptr::{null, null_mut};
use std::slice::{from_raw_parts, from_raw_parts_mut};

/// What a call of the library failed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The status, one of the `GAN_E_…` numbers of `gan.h`, such as -30.
    pub status: i32,
    /// The status's name, such as `"GAN_E_NOT_FOUND"`.
    pub name: &'static str,
    /// What was wrong, what was expected, and what to do.
    pub message: String,
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

pub type Result<T> = std::result::Result<T, Error>;

/// What a progress callback is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// An epoch has ended.
    Epoch,
    /// Steps have been made; about twenty times a second.
    Progress,
    /// An event of a newer library: ignore it.
    Other(i32),
}

/// How [`Sampler::path`] goes from one latent to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Linear = 0,
    Spherical = 1,
}

/// The size of one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    pub height: i32,
    pub width: i32,
    pub channels: i32,
}

impl Shape {
    /// Values in an image; 0 where a size is negative.
    pub fn values(self) -> usize {
        let axes = [self.height, self.width, self.channels];
        axes.iter().fold(1usize, |size, &axis| size.saturating_mul(axis.max(0) as usize))
    }
}

/// How samples stand in a picture.
#[derive(Debug, Clone, Copy)]
pub struct Grid {
    /// Images a row.
    pub columns: i32,
    /// Black pixels around every image.
    pub margin: i32,
    /// How many pixels wide and high each pixel becomes.
    pub scale: i32,
}

impl Default for Grid {
    fn default() -> Self {
        Grid { columns: 8, margin: 2, scale: 1 }
    }
}

/// The version of the library that is loaded.
pub fn version() -> &'static str {
    unsafe { forever(gan_version_string()) }
}

/// The same as a number: 10000 · major + 100 · minor + patch.
pub fn version_number() -> i32 {
    unsafe { gan_version() }
}

/// The instruction set that the arithmetic uses.
pub fn instruction_set() -> &'static str {
    unsafe { forever(gan_instruction_set()) }
}

/// What the library tells about an option.
#[derive(Debug, Clone, PartialEq)]
pub struct OptionDescription {
    pub name: &'static str,
    pub kind: &'static str,
    pub default: &'static str,
    pub range: &'static str,
    pub summary: &'static str,
    /// The smallest and the largest value, where there are bounds.
    pub bounds: Option<(f64, f64)>,
    /// The values of other options under which it has a meaning; "" for always.
    pub condition: &'static str,
}

/// Every option there is.
pub fn describe_options() -> Vec<OptionDescription> {
    let describe = |i| unsafe {
        let (mut low, mut high) = (0.0, 0.0);
        let bounds = if gan_option_bounds(i, &mut low, &mut high) == 0 { Some((low, high)) } else { None };
        OptionDescription {
            name: forever(gan_option_name(i)),
            kind: forever(gan_option_type(i)),
            default: forever(gan_option_default(i)),
            range: forever(gan_option_range(i)),
            summary: forever(gan_option_summary(i)),
            bounds,
            condition: forever(gan_option_condition(i)),
        }
    };
    (0..unsafe { gan_option_count() }).map(describe).collect()
}

/// Every metric of a trainer: its name and what it means.
pub fn describe_metrics() -> Vec<(&'static str, &'static str)> {
    (0..unsafe { gan_metric_count() }).map(|i| unsafe { (forever(gan_metric_name(i)), forever(gan_metric_summary(i))) }).collect()
}

/// The data sets that the library makes itself: their names, and what they are.
pub fn made_data() -> Vec<(&'static str, &'static str)> {
    (0..unsafe { gan_made_count() }).map(|i| unsafe { (forever(gan_made_name(i)), forever(gan_made_summary(i))) }).collect()
}

/// What can be trained: a value of the option "recipe".
#[derive(Debug, Clone)]
pub struct Recipe {
    pub name: &'static str,
    pub summary: &'static str,
    pub paper: &'static str,
    /// The names of the options that only it has.
    pub options: Vec<&'static str>,
}

/// Everything that can be trained.
pub fn recipes() -> Vec<Recipe> {
    let describe = |i| unsafe {
        Recipe {
            name: forever(gan_recipe_name(i)),
            summary: forever(gan_recipe_summary(i)),
            paper: forever(gan_recipe_paper(i)),
            options: forever(gan_recipe_options(i)).split(',').filter(|name| !name.is_empty()).collect(),
        }
    };
    (0..unsafe { gan_recipe_count() }).map(describe).collect()
}

/// What samples are made of: `"latent"`, `"label"`, `"category"`, `"code"`, with as many numbers a row, and its classes' names.
#[derive(Debug, Clone)]
pub struct Input {
    pub name: String,
    pub kind: String,
    pub width: usize,
    pub classes: Vec<String>,
}

/// A column of the rows that a generator of the recipe table makes: `"category"`, `"integer"`, `"real"` or `"date"`.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub kind: String,
    pub categories: Vec<String>,
}

/// A string that the library owns and never frees.
unsafe fn forever(text: *const c_char) -> &'static str {
    if text.is_null() {
        return "";
    }
    unsafe { CStr::from_ptr(text) }.to_str().unwrap_or("")
}

thread_local! {
    /// A callback's panic, on its way past C, through which it may not go. Callbacks run on the calling thread.
    static PANIC: RefCell<Option<Box<dyn Any + Send>>> = const { RefCell::new(None) };
}

/// Runs what C calls back; a panic is kept, and `stop` given.
fn called_back(stop: i32, call: impl FnOnce() -> i32) -> i32 {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        PANIC.with(|kept| *kept.borrow_mut() = Some(panic));
        stop
    })
}

/// A status as a result. To be called at once, on the thread that made the call: the message is that thread's.
fn check(status: i32) -> Result<()> {
    if status == 0 {
        return Ok(());
    }
    if let Some(panic) = PANIC.with(|kept| kept.borrow_mut().take()) {
        resume_unwind(panic);
    }
    let message = unsafe { CStr::from_ptr(gan_error_message()) }.to_string_lossy().into_owned();
    Err(Error { status, name: unsafe { forever(gan_status_name(status)) }, message })
}

/// A failure that never reaches the library, in the library's words.
fn invalid(message: String) -> Error {
    Error { status: -10, name: "GAN_E_INVALID_ARGUMENT", message }
}

fn c_string(text: &str) -> Result<CString> {
    CString::new(text).map_err(|_| invalid(format!("{text:?} has a byte 0 inside.")))
}

fn c_path(path: impl AsRef<Path>) -> Result<CString> {
    use std::os::unix::ffi::OsStrExt;
    let path = path.as_ref();
    CString::new(path.as_os_str().as_bytes()).map_err(|_| invalid(format!("{path:?} has a byte 0 inside.")))
}

/// How many items of a size there are among values.
fn items(values: usize, size: usize, what: &str) -> Result<i64> {
    if size == 0 || values % size != 0 {
        return Err(invalid(format!("{values} values are not a whole number of {what} of {size} values.")));
    }
    Ok((values / size) as i64)
}

/// Zeros for so many items; a negative number is left to the library, which has a sentence for it.
fn room<T: Copy + Default>(count: i64, size: usize) -> Result<Vec<T>> {
    let too_many = || invalid(format!("{count} items of {size} values do not fit into memory."));
    let length = count.max(0) as u128 * size as u128;
    if length > isize::MAX as u128 {
        return Err(too_many());
    }
    let (length, mut values) = (length as usize, Vec::new());
    values.try_reserve_exact(length).map_err(|_| too_many())?;
    values.resize(length, T::default());
    Ok(values)
}

/// What a function of the library copies into a buffer: first its size, then itself.
fn sized<T: Copy + Default>(mut read: impl FnMut(*mut T, usize, &mut usize) -> i32) -> Result<Vec<T>> {
    let mut size = 0;
    check(read(null_mut(), 0, &mut size))?;
    let mut buffer = room(1, size)?;
    if size > 0 {
        check(read(buffer.as_mut_ptr(), buffer.len(), &mut size))?;
    }
    buffer.truncate(size);
    Ok(buffer)
}

/// Text of which a function is asked by name.
type ReadText<T> = unsafe extern "C" fn(*const T, *const c_char, *mut c_char, usize, *mut usize) -> i32;

fn text<T>(read: ReadText<T>, object: *const T, name: &str) -> Result<String> {
    let name = c_string(name)?;
    text_of(sized(|buffer: *mut u8, capacity, size| unsafe { read(object, name.as_ptr(), buffer.cast(), capacity, size) }))
}

/// A string of bytes with its terminating 0.
fn text_of(bytes: Result<Vec<u8>>) -> Result<String> {
    let mut bytes = bytes?;
    bytes.pop();
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// An owned handle, closed when it is dropped.
macro_rules! handle {
    ($(#[$documentation:meta])* $visibility:vis $name:ident, $raw:ident, $destroy:ident) => {
        $(#[$documentation])*
        #[derive(Debug)]
        $visibility struct $name(*mut $raw);
        // Any thread may use the handle, as long as no other does at the same time.
        unsafe impl Send for $name {}
        impl $name {
            fn made(make: impl FnOnce(*mut *mut $raw) -> i32) -> Result<Self> {
                let mut handle = null_mut();
                check(make(&mut handle))?;
                Ok($name(handle))
            }
        }
        impl Drop for $name {
            fn drop(&mut self) {
                unsafe { $destroy(self.0) }
            }
        }
    };
}

handle!(
    /// Settings; what is not set has its default.
    pub Options, gan_options, gan_options_destroy
);
handle!(
    /// Images, with labels or without. Immutable: it may be shared.
    pub Dataset, gan_dataset, gan_dataset_destroy
);
handle!(
    /// A generator and a discriminator in training.
    pub Trainer, gan_trainer, gan_trainer_destroy
);
handle!(
    /// A trained generator. Immutable: it may be shared.
    pub Generator, gan_generator, gan_generator_destroy
);
handle!(
    /// A checkpoint to be looked at: to draw from it load a [`Generator`], to train on a [`Trainer`]. It may be shared.
    pub Checkpoint, gan_checkpoint, gan_checkpoint_destroy
);
handle!(
    /// Tells the classes of pictures; what the recipe classifier trains.
    pub Classifier, gan_classifier, gan_classifier_destroy
);
handle!(
    /// Makes pictures of pictures, of any size; what the recipes image-to-image, super-resolution and inpainting train.
    pub Applier, gan_applier, gan_applier_destroy
);
handle!(
    /// Samples beside data.
    pub Evaluation, gan_evaluation, gan_evaluation_destroy
);
handle!(SamplerHandle, gan_sampler, gan_sampler_destroy);
// They are immutable, and gan.h lets any number of threads use them at once. (A dataset with a callback only where its
// callback may; so that is asked to be Sync.)
unsafe impl Sync for Dataset {}
unsafe impl Sync for Generator {}
unsafe impl Sync for Checkpoint {}

impl Options {
    pub fn new() -> Result<Self> {
        Self::made(|out| unsafe { gan_options_create(out) })
    }

    /// Sets an option from anything that can be written: numbers, booleans, names, lists as `"256,256"`.
    pub fn set(&mut self, name: &str, value: impl std::fmt::Display) -> Result<&mut Self> {
        let (name, value) = (c_string(name)?, c_string(&value.to_string())?);
        check(unsafe { gan_options_set(self.0, name.as_ptr(), value.as_ptr()) })?;
        Ok(self)
    }

    /// Sets an option of type integer, real or boolean.
    pub fn set_integer(&mut self, name: &str, value: i64) -> Result<&mut Self> {
        let name = c_string(name)?;
        check(unsafe { gan_options_set_integer(self.0, name.as_ptr(), value) })?;
        Ok(self)
    }

    /// Sets an option of type real, or of type integer to a whole number.
    pub fn set_real(&mut self, name: &str, value: f64) -> Result<&mut Self> {
        let name = c_string(name)?;
        check(unsafe { gan_options_set_real(self.0, name.as_ptr(), value) })?;
        Ok(self)
    }

    pub fn get(&self, name: &str) -> Result<String> {
        text(gan_options_get, self.0, name)
    }
}

fn raw_options(options: Option<&Options>) -> *const gan_options {
    options.map_or(null(), |options| options.0)
}

impl Dataset {
    /// Images from a file or a folder: IDX (MNIST) or PNG.
    pub fn open(path: impl AsRef<Path>, options: Option<&Options>) -> Result<Self> {
        let path = c_path(path)?;
        Self::made(|out| unsafe { gan_dataset_open(path.as_ptr(), raw_options(options), out) })
    }

    /// Images, and labels if any, from two files.
    pub fn open_idx(images: impl AsRef<Path>, labels: Option<&Path>, options: Option<&Options>) -> Result<Self> {
        let images = c_path(images)?;
        let labels = labels.map(c_path).transpose()?;
        let labels = labels.as_ref().map_or(null(), |labels| labels.as_ptr());
        Self::made(|out| unsafe { gan_dataset_open_idx(images.as_ptr(), labels, raw_options(options), out) })
    }

    /// Data that the library makes itself: a name of `made_data()`, how many items, 0 for as many as are usual, and the digits that
    /// some are made of.
    pub fn make(name: &str, count: i64, seed: u64, from: Option<&Dataset>) -> Result<Self> {
        let name = c_string(name)?;
        let from = from.map_or(null(), |from| from.0 as *const gan_dataset);
        Self::made(|out| unsafe { gan_dataset_make(name.as_ptr(), count, seed, from, out) })
    }

    /// Writes everything into a file, NPY where its name ends in .npy, else IDX; labels into another.
    pub fn write(&self, path: impl AsRef<Path>, labels: Option<&Path>) -> Result<()> {
        let path = c_path(path)?;
        let labels = labels.map(c_path).transpose()?;
        let labels = labels.as_ref().map_or(null(), |labels| labels.as_ptr());
        check(unsafe { gan_dataset_write(self.0, path.as_ptr(), labels) })
    }

    /// Images that a function delivers when they are needed: `fill(indices, values)` fills values, `[indices.len(), height,
    /// width, channels]`, with numbers from 0 (black) to 1. When it panics, so does the call that needed the images.
    pub fn from_callback<F>(count: i64, shape: Shape, fill: F) -> Result<Self>
    where
        F: Fn(&[i64], &mut [f32]) + Send + Sync + 'static,
    {
        let context = Box::into_raw(Box::new(Filler { fill, size: shape.values() }));
        let Shape { height, width, channels } = shape;
        let made = Self::made(|out| unsafe {
            gan_dataset_create_callback(Some(Filler::<F>::called), count, height, width, channels, Some(Filler::<F>::released), context.cast(), out)
        });
        if made.is_err() {
            drop(unsafe { Box::from_raw(context) }); // a call that fails does not release
        }
        made
    }

    /// Images of bytes, 0 (black) to 255; they are copied. One label an image, or none.
    pub fn from_bytes(pixels: &[u8], shape: Shape, labels: Option<&[i32]>) -> Result<Self> {
        let count = items(pixels.len(), shape.values(), "images")?;
        let labels = Self::labels(labels, count)?;
        let Shape { height, width, channels } = shape;
        Self::made(|out| unsafe {
            gan_dataset_create_bytes(pixels.as_ptr(), count, height, width, channels, labels, 0, None, null_mut(), out)
        })
    }

    /// Images of floats from `black` to `white`; they are copied.
    pub fn from_floats(values: &[f32], shape: Shape, black: f32, white: f32, labels: Option<&[i32]>) -> Result<Self> {
        let count = items(values.len(), shape.values(), "images")?;
        let labels = Self::labels(labels, count)?;
        let Shape { height, width, channels } = shape;
        Self::made(|out| unsafe {
            gan_dataset_create_floats(values.as_ptr(), count, height, width, channels, black, white, labels, 0, None, null_mut(), out)
        })
    }

    /// Values of any rank, `[count]` + axes; they are copied. Their range is their own where `minimum` is `maximum` too.
    pub fn from_values(values: &[f32], axes: &[i64], minimum: f32, maximum: f32, name: &str) -> Result<Self> {
        let size = axes.iter().try_fold(1usize, |size, &axis| if axis < 1 { None } else { size.checked_mul(axis as usize) });
        let count = items(values.len(), size.unwrap_or(0), "items")?;
        let name = c_string(name)?;
        Self::made(|out| unsafe {
            gan_dataset_create_values(
                values.as_ptr(), count, axes.as_ptr(), axes.len() as i32, minimum, maximum, name.as_ptr(), None, null_mut(), out)
        })
    }

    /// A table out of memory, as comma-separated values: what `open` does with a file that ends in .csv.
    pub fn from_csv(text: &[u8], options: Option<&Options>) -> Result<Self> {
        Self::made(|out| unsafe { gan_dataset_create_table(text.as_ptr().cast(), text.len(), raw_options(options), out) })
    }

    /// The fields of several datasets as those of one, under these names. Those that are not paired have each a number of items of their
    /// own, and are taken in an order of their own.
    pub fn combine(parts: &[(&str, &Dataset)], paired: bool) -> Result<Self> {
        let handles: Vec<*const gan_dataset> = parts.iter().map(|part| part.1.0 as *const gan_dataset).collect();
        let names = lines(&parts.iter().map(|part| part.0).collect::<Vec<_>>())?;
        Self::made(|out| unsafe { gan_dataset_combine(handles.as_ptr(), handles.len() as i32, names.as_ptr(), paired.into(), out) })
    }

    fn each(&self, values: usize, size: usize, what: &str) -> Result<()> {
        let count = self.count()?;
        match (count as usize).checked_mul(size) {
            Some(wanted) if wanted == values => Ok(()),
            _ => Err(invalid(format!("There are {values} {what} for {count} items; expected {size} for each."))),
        }
    }

    /// The same dataset with a label more for each item; its classes have names, or there are none.
    pub fn with_labels(&self, name: &str, labels: &[i32], names: &[&str]) -> Result<Self> {
        self.each(labels.len(), 1, "labels")?;
        let (name, names) = (c_string(name)?, lines(names)?);
        Self::made(|out| unsafe { gan_dataset_add_labels(self.0, name.as_ptr(), labels.as_ptr(), 0, names.as_ptr(), out) })
    }

    /// The same dataset with tags, `[count, names.len()]` zeros and ones.
    pub fn with_tags(&self, name: &str, tags: &[u8], names: &[&str]) -> Result<Self> {
        self.each(tags.len(), names.len(), "tags")?;
        let (name, names) = (c_string(name)?, lines(names)?);
        Self::made(|out| unsafe { gan_dataset_add_tags(self.0, name.as_ptr(), tags.as_ptr(), names.as_ptr(), out) })
    }

    /// The same dataset with a text for each item, of at most `length` characters; 0 for those of the longest.
    pub fn with_texts(&self, name: &str, texts: &[&str], length: i32) -> Result<Self> {
        let name = c_string(name)?;
        let mut whole = Vec::new();
        for text in texts {
            whole.extend_from_slice(c_string(text)?.as_bytes_with_nul());
        }
        Self::made(|out| unsafe { gan_dataset_add_texts(self.0, name.as_ptr(), whole.as_ptr().cast(), whole.len(), length, out) })
    }

    /// What an item has.
    pub fn fields(&self) -> Result<Vec<Field>> {
        let mut count = 0;
        check(unsafe { gan_dataset_field_count(self.0, &mut count) })?;
        (0..count).map(|i| self.field(i)).collect()
    }

    fn field(&self, i: i32) -> Result<Field> {
        let (mut items, mut minimum, mut maximum, mut classes) = (0, 0.0, 0.0, 0);
        check(unsafe { gan_dataset_field_items(self.0, i, &mut items) })?;
        check(unsafe { gan_dataset_field_range(self.0, i, &mut minimum, &mut maximum) })?;
        check(unsafe { gan_dataset_field_classes(self.0, i, &mut classes) })?;
        let class = |number| {
            text_of(sized(|buffer: *mut u8, capacity, size| unsafe {
                gan_dataset_field_class_name(self.0, i, number, buffer.cast(), capacity, size)
            }))
        };
        Ok(Field {
            name: text_of(sized(|buffer: *mut u8, capacity, size| unsafe { gan_dataset_field_name(self.0, i, buffer.cast(), capacity, size) }))?,
            kind: text_of(sized(|buffer: *mut u8, capacity, size| unsafe { gan_dataset_field_kind(self.0, i, buffer.cast(), capacity, size) }))?,
            shape: self.axes(i)?,
            items,
            minimum,
            maximum,
            classes: (0..classes).map(class).collect::<Result<_>>()?,
        })
    }

    fn axes(&self, i: i32) -> Result<Vec<i64>> {
        let (mut axes, mut rank) = (vec![0; 8], 0);
        check(unsafe { gan_dataset_field_shape(self.0, i, axes.as_mut_ptr(), axes.len(), &mut rank) })?;
        axes.truncate(rank);
        Ok(axes)
    }

    /// Items of a field as floats, within its range.
    pub fn read_field(&self, index: i32, first: i64, count: i64) -> Result<Vec<f32>> {
        let mut values = room(count, self.axes(index)?.iter().product::<i64>() as usize)?;
        check(unsafe { gan_dataset_field_read(self.0, index, first, count, values.as_mut_ptr(), values.len()) })?;
        Ok(values)
    }

    /// The name of an item's class, its tags with commas between them, or its text.
    pub fn field_text(&self, index: i32, item: i64) -> Result<String> {
        text_of(sized(|buffer: *mut u8, capacity, size| unsafe { gan_dataset_field_text(self.0, index, item, buffer.cast(), capacity, size) }))
    }

    fn labels(labels: Option<&[i32]>, count: i64) -> Result<*const i32> {
        match labels {
            None => Ok(null()),
            Some(labels) if labels.len() as i64 == count => Ok(labels.as_ptr()),
            Some(labels) => Err(invalid(format!("There are {} labels for {count} images.", labels.len()))),
        }
    }

    pub fn count(&self) -> Result<i64> {
        Ok(self.whole_shape()?.0)
    }

    pub fn shape(&self) -> Result<Shape> {
        Ok(self.whole_shape()?.1)
    }

    fn whole_shape(&self) -> Result<(i64, Shape)> {
        let (mut count, mut shape) = (0, Shape { height: 0, width: 0, channels: 0 });
        check(unsafe { gan_dataset_shape(self.0, &mut count, &mut shape.height, &mut shape.width, &mut shape.channels) })?;
        Ok((count, shape))
    }

    /// How many classes the labels name; 0 without labels.
    pub fn classes(&self) -> Result<i32> {
        let mut classes = 0;
        check(unsafe { gan_dataset_classes(self.0, &mut classes) })?;
        Ok(classes)
    }

    /// What the data call a class.
    pub fn class_name(&self, index: i32) -> Result<String> {
        text_of(sized(|buffer: *mut u8, capacity, size| unsafe { gan_dataset_class_name(self.0, index, buffer.cast(), capacity, size) }))
    }

    /// Images as floats from 0 (black) to 1.
    pub fn read(&self, first: i64, count: i64) -> Result<Vec<f32>> {
        let mut values = room(count, self.shape()?.values())?;
        check(unsafe { gan_dataset_read(self.0, first, count, values.as_mut_ptr(), values.len()) })?;
        Ok(values)
    }

    pub fn read_labels(&self, first: i64, count: i64) -> Result<Vec<i32>> {
        let mut labels = room(count, 1)?;
        check(unsafe { gan_dataset_read_labels(self.0, first, count, labels.as_mut_ptr(), labels.len()) })?;
        Ok(labels)
    }
}

/// What the items of a dataset have.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    /// "values", "label", "tags" or "text"
    pub kind: String,
    /// The axes of an item.
    pub shape: Vec<i64>,
    pub items: i64,
    pub minimum: f32,
    pub maximum: f32,
    /// What its classes, tags or characters are called.
    pub classes: Vec<String>,
}

/// Names for C, a line each.
fn lines(names: &[&str]) -> Result<CString> {
    c_string(&names.join("\n"))
}

/// A dataset's callback.
struct Filler<F> {
    fill: F,
    size: usize, // values in an image
}

impl<F: Fn(&[i64], &mut [f32])> Filler<F> {
    unsafe extern "C" fn called(context: *mut c_void, indices: *const i64, count: i64, values: *mut f32) -> i32 {
        let filler = unsafe { &*context.cast::<Self>() };
        let count = count as usize;
        let (indices, values) = unsafe { (from_raw_parts(indices, count), from_raw_parts_mut(values, count * filler.size)) };
        called_back(1, || {
            (filler.fill)(indices, values);
            0
        })
    }

    unsafe extern "C" fn released(context: *mut c_void) {
        let filler = unsafe { Box::from_raw(context.cast::<Self>()) };
        let _ = catch_unwind(AssertUnwindSafe(|| drop(filler)));
    }
}

impl Trainer {
    pub fn new(dataset: &Dataset, options: Option<&Options>) -> Result<Self> {
        Self::made(|out| unsafe { gan_trainer_create(raw_options(options), dataset.0, out) })
    }

    /// Goes on from a checkpoint as if the training had never stopped.
    pub fn load(path: impl AsRef<Path>, dataset: &Dataset, options: Option<&Options>) -> Result<Self> {
        let path = c_path(path)?;
        Self::made(|out| unsafe { gan_trainer_load(path.as_ptr(), raw_options(options), dataset.0, out) })
    }

    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = c_path(path)?;
        check(unsafe { gan_trainer_save(self.0, path.as_ptr()) })
    }

    /// Goes on from the contents of a checkpoint file.
    pub fn from_bytes(checkpoint: &[u8], dataset: &Dataset, options: Option<&Options>) -> Result<Self> {
        Self::made(|out| unsafe { gan_trainer_load_memory(checkpoint.as_ptr().cast(), checkpoint.len(), raw_options(options), dataset.0, out) })
    }

    /// What `save` writes.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        sized(|buffer: *mut u8, capacity, size| unsafe { gan_trainer_save_memory(self.0, buffer.cast(), capacity, size) })
    }

    /// Fails as `save` would, and leaves everything as it was.
    pub fn check_save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = c_path(path)?;
        check(unsafe { gan_trainer_check_save(self.0, path.as_ptr()) })
    }

    /// Whether a training that was loaded has the images that it had before; `None` where that is not known.
    pub fn has_same_data(&self) -> Result<Option<bool>> {
        let mut comparison = 0;
        check(unsafe { gan_trainer_data(self.0, &mut comparison) })?;
        Ok(match comparison {
            1 => Some(true),
            2 => Some(false),
            _ => None,
        })
    }

    pub fn step(&mut self, steps: i64) -> Result<()> {
        check(unsafe { gan_trainer_step(self.0, steps) })
    }

    pub fn run(&mut self, epochs: i64) -> Result<()> {
        check(unsafe { gan_trainer_run(self.0, epochs, None, null_mut()) })
    }

    /// Trains, and calls `progress` on this thread after every epoch and about twenty times a second between. When it
    /// returns `ControlFlow::Break`, the result is the error `GAN_E_CANCELLED`. When it panics, so does this.
    pub fn run_with<F>(&mut self, epochs: i64, progress: F) -> Result<()>
    where
        F: FnMut(&Trainer, Event) -> ControlFlow<()>,
    {
        let mut watch = Watch { progress };
        check(unsafe { gan_trainer_run(self.0, epochs, Some(Watch::<F>::called), (&mut watch as *mut Watch<F>).cast()) })
    }

    /// What stops this training from another thread.
    pub fn canceller(&self) -> Canceller {
        Canceller(self.0)
    }

    /// `"step"`, `"epoch"`, `"discriminator.loss"`, … as `gan_trainer_metric` lists them.
    pub fn metric(&self, name: &str) -> Result<f64> {
        let (name, mut value) = (c_string(name)?, 0.0);
        check(unsafe { gan_trainer_metric(self.0, name.as_ptr(), &mut value) })?;
        Ok(value)
    }

    /// The names of this training's metrics.
    pub fn metrics(&self) -> Result<Vec<String>> {
        let mut count = 0;
        check(unsafe { gan_trainer_metric_count(self.0, &mut count) })?;
        let name = |i| text_of(sized(|buffer: *mut u8, capacity, size| unsafe { gan_trainer_metric_name(self.0, i, buffer.cast(), capacity, size) }));
        (0..count).map(name).collect()
    }

    pub fn option(&self, name: &str) -> Result<String> {
        text(gan_trainer_option, self.0, name)
    }

    /// The size of a row of a preview.
    pub fn preview_shape(&self) -> Result<Shape> {
        let mut shape = Shape { height: 0, width: 0, channels: 0 };
        check(unsafe { gan_trainer_preview_shape(self.0, &mut shape.height, &mut shape.width, &mut shape.channels) })?;
        Ok(shape)
    }

    /// Rows of what is read of the data, what is made of it and the truth, as bytes.
    pub fn preview(&self, first: i64, count: i64) -> Result<Vec<u8>> {
        let mut pixels = room(count, self.preview_shape()?.values())?;
        check(unsafe { gan_trainer_preview(self.0, first, count, pixels.as_mut_ptr(), pixels.len()) })?;
        Ok(pixels)
    }

    /// A snapshot, which further training does not change.
    pub fn generator(&self) -> Result<Generator> {
        Generator::made(|out| unsafe { gan_trainer_generator(self.0, out) })
    }

    /// A snapshot of what the recipe classifier trains.
    pub fn classifier(&self) -> Result<Classifier> {
        Classifier::made(|out| unsafe { gan_trainer_classifier(self.0, out) })
    }

    /// Lets a classifier judge in the evaluations of the option evaluate.every; `None` for random features.
    pub fn judge(&mut self, classifier: Option<&Classifier>) -> Result<()> {
        check(unsafe { gan_trainer_judge(self.0, raw_classifier(classifier)) })
    }
}

/// A run's callback.
struct Watch<F> {
    progress: F,
}

impl<F: FnMut(&Trainer, Event) -> ControlFlow<()>> Watch<F> {
    unsafe extern "C" fn called(context: *mut c_void, trainer: *mut gan_trainer, event: i32) -> i32 {
        let watch = unsafe { &mut *context.cast::<Self>() };
        let trainer = ManuallyDrop::new(Trainer(trainer)); // lent by the library
        let event = match event {
            1 => Event::Epoch,
            2 => Event::Progress,
            other => Event::Other(other),
        };
        called_back(1, || (watch.progress)(&trainer, event).is_break() as i32)
    }
}

/// Stops a training from any thread. It may outlive its trainer: then there is nothing to stop, and an error says so.
#[derive(Debug, Clone, Copy)]
pub struct Canceller(*mut gan_trainer);
unsafe impl Send for Canceller {}
unsafe impl Sync for Canceller {}

impl Canceller {
    pub fn cancel(self) -> Result<()> {
        check(unsafe { gan_trainer_cancel(self.0) })
    }
}

impl Generator {
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = c_path(path)?;
        Self::made(|out| unsafe { gan_generator_load(path.as_ptr(), out) })
    }

    /// From the contents of a checkpoint file.
    pub fn from_bytes(checkpoint: &[u8]) -> Result<Self> {
        Self::made(|out| unsafe { gan_generator_load_memory(checkpoint.as_ptr().cast(), checkpoint.len(), out) })
    }

    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = c_path(path)?;
        check(unsafe { gan_generator_save(self.0, path.as_ptr()) })
    }

    /// What `save` writes.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        sized(|buffer: *mut u8, capacity, size| unsafe { gan_generator_save_memory(self.0, buffer.cast(), capacity, size) })
    }

    pub fn latent_size(&self) -> Result<usize> {
        let mut size = 0;
        check(unsafe { gan_generator_latent_size(self.0, &mut size) })?;
        Ok(size as usize)
    }

    pub fn shape(&self) -> Result<Shape> {
        let mut shape = Shape { height: 0, width: 0, channels: 0 };
        check(unsafe { gan_generator_shape(self.0, &mut shape.height, &mut shape.width, &mut shape.channels) })?;
        Ok(shape)
    }

    /// Axes of what is made: `[height, width, channels]`, `[n]`, `[depth, height, width, channels]`.
    pub fn axes(&self) -> Result<Vec<i64>> {
        let (mut axes, mut rank) = (vec![0; 8], 0);
        check(unsafe { gan_generator_axes(self.0, axes.as_mut_ptr(), axes.len(), &mut rank) })?;
        axes.truncate(rank);
        Ok(axes)
    }

    /// What is black and what is white among the floats of an image.
    pub fn range(&self) -> Result<(f32, f32)> {
        let (mut low, mut high) = (0.0, 0.0);
        check(unsafe { gan_generator_range(self.0, &mut low, &mut high) })?;
        Ok((low, high))
    }

    /// What samples are made of; `Sampler::set` sets all but the first.
    pub fn inputs(&self) -> Result<Vec<Input>> {
        let mut count = 0;
        check(unsafe { gan_generator_input_count(self.0, &mut count) })?;
        (0..count).map(|i| self.input(i)).collect()
    }

    fn input(&self, i: i32) -> Result<Input> {
        let (mut width, mut classes) = (0, 0);
        check(unsafe { gan_generator_input_width(self.0, i, &mut width) })?;
        check(unsafe { gan_generator_input_classes(self.0, i, &mut classes) })?;
        let class = |number| {
            text_of(sized(|buffer: *mut u8, capacity, size| unsafe {
                gan_generator_input_class_name(self.0, i, number, buffer.cast(), capacity, size)
            }))
        };
        Ok(Input {
            name: text_of(sized(|buffer: *mut u8, capacity, size| unsafe { gan_generator_input_name(self.0, i, buffer.cast(), capacity, size) }))?,
            kind: text_of(sized(|buffer: *mut u8, capacity, size| unsafe { gan_generator_input_kind(self.0, i, buffer.cast(), capacity, size) }))?,
            width: width as usize,
            classes: (0..classes).map(class).collect::<Result<_>>()?,
        })
    }

    /// The columns of the rows that a generator of the recipe table makes.
    pub fn columns(&self) -> Result<Vec<Column>> {
        let mut count = 0;
        check(unsafe { gan_generator_column_count(self.0, &mut count) })?;
        (0..count).map(|i| self.column(i)).collect()
    }

    fn column(&self, i: i32) -> Result<Column> {
        let mut categories = 0;
        check(unsafe { gan_generator_column_categories(self.0, i, &mut categories) })?;
        Ok(Column {
            name: text_of(sized(|buffer: *mut u8, capacity, size| unsafe { gan_generator_column_name(self.0, i, buffer.cast(), capacity, size) }))?,
            kind: text_of(sized(|buffer: *mut u8, capacity, size| unsafe { gan_generator_column_kind(self.0, i, buffer.cast(), capacity, size) }))?,
            categories: (0..categories).map(|number| self.cell_text(i, number.into())).collect::<Result<_>>()?,
        })
    }

    /// A cell of `Sampler::draw_rows` as the data write it.
    pub fn cell_text(&self, index: i32, cell: f64) -> Result<String> {
        text_of(sized(|buffer: *mut u8, capacity, size| unsafe {
            gan_generator_column_text(self.0, index, cell, buffer.cast(), capacity, size)
        }))
    }

    pub fn option(&self, name: &str) -> Result<String> {
        text(gan_generator_option, self.0, name)
    }

    pub fn sampler(&self, options: Option<&Options>) -> Result<Sampler> {
        Ok(Sampler {
            handle: SamplerHandle::made(|out| unsafe { gan_sampler_create(self.0, raw_options(options), out) })?,
            image: self.shape()?.values(),
            latent: self.latent_size()?,
        })
    }

    pub fn applier(&self, options: Option<&Options>) -> Result<Applier> {
        Applier::made(|out| unsafe { gan_applier_create(self.0, raw_options(options), out) })
    }
}

/// Draws from a generator; one a thread. Sample i under a seed is the same whatever it is drawn together with.
#[derive(Debug)]
pub struct Sampler {
    handle: SamplerHandle,
    image: usize,  // values in each
    latent: usize,
}

impl Sampler {
    /// Sets an input from text (`"7"`, a class's name, `"0,1,2"`); `""` unsets it.
    pub fn set(&mut self, input: &str, value: &str) -> Result<()> {
        let (input, value) = (c_string(input)?, c_string(value)?);
        check(unsafe { gan_sampler_set(self.handle.0, input.as_ptr(), value.as_ptr()) })
    }

    /// Sets an input from rows of numbers; sample i is made of row i mod their number.
    pub fn set_values(&mut self, input: &str, values: &[f32]) -> Result<()> {
        let input = c_string(input)?;
        check(unsafe { gan_sampler_set_values(self.handle.0, input.as_ptr(), values.as_ptr(), values.len() as i64) })
    }

    pub fn latents(&mut self, seed: u64, first: i64, count: i64) -> Result<Vec<f32>> {
        let mut values = room(count, self.latent)?;
        check(unsafe { gan_sampler_latents(self.handle.0, seed, first, count, values.as_mut_ptr(), values.len()) })?;
        Ok(values)
    }

    /// Samples first … first + count − 1, as floats in the generator's range.
    pub fn draw(&mut self, seed: u64, first: i64, count: i64) -> Result<Vec<f32>> {
        let mut images = room(count, self.image)?;
        check(unsafe { gan_sampler_draw(self.handle.0, seed, first, count, images.as_mut_ptr(), images.len()) })?;
        Ok(images)
    }

    /// As many samples as there is room for, without allocating.
    pub fn draw_into(&mut self, seed: u64, first: i64, images: &mut [f32]) -> Result<()> {
        let count = items(images.len(), self.image, "images")?;
        check(unsafe { gan_sampler_draw(self.handle.0, seed, first, count, images.as_mut_ptr(), images.len()) })
    }

    /// Samples as bytes from 0 (black) to 255.
    pub fn draw_bytes(&mut self, seed: u64, first: i64, count: i64) -> Result<Vec<u8>> {
        let mut pixels = room(count, self.image)?;
        check(unsafe { gan_sampler_draw_bytes(self.handle.0, seed, first, count, pixels.as_mut_ptr(), pixels.len()) })?;
        Ok(pixels)
    }

    /// Images of the caller's latents.
    pub fn decode(&mut self, latents: &[f32]) -> Result<Vec<f32>> {
        let count = items(latents.len(), self.latent, "latents")?;
        let mut images = room(count, self.image)?;
        check(unsafe { gan_sampler_decode(self.handle.0, latents.as_ptr(), count, images.as_mut_ptr(), images.len()) })?;
        Ok(images)
    }

    /// Images of the caller's latents, as bytes from 0 (black) to 255.
    pub fn decode_bytes(&mut self, latents: &[f32]) -> Result<Vec<u8>> {
        let count = items(latents.len(), self.latent, "latents")?;
        let mut pixels = room(count, self.image)?;
        check(unsafe { gan_sampler_decode_bytes(self.handle.0, latents.as_ptr(), count, pixels.as_mut_ptr(), pixels.len()) })?;
        Ok(pixels)
    }

    /// Latents on the way from one to another, both included, for `decode`.
    pub fn path(&mut self, from: &[f32], to: &[f32], way: Way, count: i64) -> Result<Vec<f32>> {
        if from.len() != self.latent || to.len() != self.latent {
            return Err(invalid(format!("A latent has {} numbers.", self.latent)));
        }
        let mut latents = room(count, self.latent)?;
        check(unsafe {
            gan_sampler_path(self.handle.0, from.as_ptr(), to.as_ptr(), way as i32, count, latents.as_mut_ptr(), latents.len())
        })?;
        Ok(latents)
    }

    /// The latent at a place, from 0 to 1, of that way.
    pub fn path_at(&mut self, from: &[f32], to: &[f32], way: Way, place: f64) -> Result<Vec<f32>> {
        if from.len() != self.latent || to.len() != self.latent {
            return Err(invalid(format!("A latent has {} numbers.", self.latent)));
        }
        let mut latent = room(1, self.latent)?;
        check(unsafe {
            gan_sampler_path_at(self.handle.0, from.as_ptr(), to.as_ptr(), way as i32, place, latent.as_mut_ptr(), latent.len())
        })?;
        Ok(latent)
    }

    /// A grid of samples as the bytes of a PNG.
    pub fn png(&mut self, seed: u64, first: i64, count: i64, grid: Grid) -> Result<Vec<u8>> {
        let Grid { columns, margin, scale } = grid;
        sized(|buffer: *mut u8, capacity, size| unsafe {
            gan_sampler_encode_png(self.handle.0, seed, first, count, columns, margin, scale, buffer.cast(), capacity, size)
        })
    }

    pub fn write_png(&mut self, path: impl AsRef<Path>, seed: u64, first: i64, count: i64, grid: Grid) -> Result<()> {
        let (path, Grid { columns, margin, scale }) = (c_path(path)?, grid);
        check(unsafe { gan_sampler_write_png(self.handle.0, seed, first, count, columns, margin, scale, path.as_ptr()) })
    }

    /// Samples as an IDX file of bytes, which [`Dataset::open`] reads.
    pub fn write_idx(&mut self, path: impl AsRef<Path>, seed: u64, first: i64, count: i64) -> Result<()> {
        let path = c_path(path)?;
        check(unsafe { gan_sampler_write_idx(self.handle.0, seed, first, count, path.as_ptr()) })
    }

    /// Samples as a NumPy file of floats in the generator's range.
    pub fn write_npy(&mut self, path: impl AsRef<Path>, seed: u64, first: i64, count: i64) -> Result<()> {
        let path = c_path(path)?;
        check(unsafe { gan_sampler_write_npy(self.handle.0, seed, first, count, path.as_ptr()) })
    }

    /// What rows of a table are to meet, `"city=Seoul"`, a line each; `""` for any.
    pub fn r#where(&mut self, conditions: &str) -> Result<()> {
        let conditions = c_string(conditions)?;
        check(unsafe { gan_sampler_where(self.handle.0, conditions.as_ptr()) })
    }

    /// Rows of a table of so many columns, `[count, columns]`: places of categories, numbers, seconds since 1970; NaN where a value is missing.
    pub fn draw_rows(&mut self, seed: u64, first: i64, count: i64, columns: usize) -> Result<Vec<f64>> {
        let mut cells = room(count, columns)?;
        check(unsafe { gan_sampler_draw_rows(self.handle.0, seed, first, count, cells.as_mut_ptr(), cells.len()) })?;
        Ok(cells)
    }

    /// Rows of a table as comma-separated values.
    pub fn write_csv(&mut self, path: impl AsRef<Path>, seed: u64, first: i64, count: i64) -> Result<()> {
        let path = c_path(path)?;
        check(unsafe { gan_sampler_write_csv(self.handle.0, seed, first, count, path.as_ptr()) })
    }
}

impl Applier {
    /// Channels of what is read and of what is made, and whether a mask goes with every picture.
    pub fn channels(&self) -> Result<(i32, i32, bool)> {
        let (mut input, mut output, mut takes_mask) = (0, 0, 0);
        check(unsafe { gan_applier_channels(self.0, &mut input, &mut output, &mut takes_mask) })?;
        Ok((input, output, takes_mask != 0))
    }

    /// The shape of what is made of a picture.
    pub fn shape(&self, height: i32, width: i32) -> Result<Shape> {
        let mut shape = Shape { height: 0, width: 0, channels: self.channels()?.1 };
        check(unsafe { gan_applier_shape(self.0, height, width, &mut shape.height, &mut shape.width) })?;
        Ok(shape)
    }

    /// Of a picture of floats from 0 to 1, `[height, width, channels]`; the mask is above 0.5 where it is missing.
    pub fn apply(&mut self, seed: u64, pixels: &[f32], mask: Option<&[f32]>, height: i32, width: i32) -> Result<Vec<f32>> {
        let (mut made, hidden) = (self.room(pixels.len(), mask.map(|mask| mask.len()), height, width)?, mask.map_or(null(), |mask| mask.as_ptr()));
        check(unsafe { gan_applier_apply(self.0, seed, pixels.as_ptr(), hidden, height, width, made.as_mut_ptr(), made.len()) })?;
        Ok(made)
    }

    /// The same of bytes; the mask is above 127 where the picture is missing.
    pub fn apply_bytes(&mut self, seed: u64, pixels: &[u8], mask: Option<&[u8]>, height: i32, width: i32) -> Result<Vec<u8>> {
        let (mut made, hidden) = (self.room(pixels.len(), mask.map(|mask| mask.len()), height, width)?, mask.map_or(null(), |mask| mask.as_ptr()));
        check(unsafe { gan_applier_apply_bytes(self.0, seed, pixels.as_ptr(), hidden, height, width, made.as_mut_ptr(), made.len()) })?;
        Ok(made)
    }

    /// How many frames are looked at to say which one follows; 0 for a model that makes a picture of one picture.
    pub fn frames(&self) -> Result<i32> {
        let mut past = 0;
        check(unsafe { gan_applier_frames(self.0, &mut past) })?;
        Ok(past)
    }

    /// The `count` frames that follow frames of floats from 0 to 1, `[given, height, width, channels]`, the oldest first.
    pub fn predict(&mut self, seed: u64, frames: &[f32], height: i32, width: i32, count: i32) -> Result<Vec<f32>> {
        let (given, mut made) = self.frame_room(frames.len(), height, width, count)?;
        check(unsafe { gan_applier_predict(self.0, seed, frames.as_ptr(), given, height, width, count, made.as_mut_ptr(), made.len()) })?;
        Ok(made)
    }

    /// The same of bytes.
    pub fn predict_bytes(&mut self, seed: u64, frames: &[u8], height: i32, width: i32, count: i32) -> Result<Vec<u8>> {
        let (given, mut made) = self.frame_room(frames.len(), height, width, count)?;
        check(unsafe { gan_applier_predict_bytes(self.0, seed, frames.as_ptr(), given, height, width, count, made.as_mut_ptr(), made.len()) })?;
        Ok(made)
    }

    /// How many frames so many values are, and room for those that follow.
    fn frame_room<T: Copy + Default>(&self, values: usize, height: i32, width: i32, count: i32) -> Result<(i32, Vec<T>)> {
        let made = self.shape(height, width)?.values();
        let frame = Shape { height, width, channels: self.channels()?.0 }.values();
        if values % frame != 0 || values / frame > i32::MAX as usize {
            return Err(invalid(format!("A frame of {height} x {width} has {frame} values; here are {values}.")));
        }
        Ok(((values / frame) as i32, room(count.into(), made)?))
    }

    /// Room for what is made of a picture and a mask of these sizes.
    fn room<T: Copy + Default>(&self, pixels: usize, mask: Option<usize>, height: i32, width: i32) -> Result<Vec<T>> {
        let made = self.shape(height, width)?.values();
        let picture = Shape { height, width, channels: self.channels()?.0 }.values();
        let pixel = Shape { height, width, channels: 1 }.values();
        for &(what, given, expected) in &[("picture", Some(pixels), picture), ("mask", mask, pixel)] {
            if given.map_or(false, |given| given != expected) {
                return Err(invalid(format!("A {what} of {height} x {width} has {expected} values; here are {}.", given.unwrap_or(0))));
            }
        }
        room(1, made)
    }
}

/// A tensor in a checkpoint; its shape is `[inputs, outputs]` for a fully connected layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    pub name: String,
    pub shape: Vec<i64>,
    /// `"F32"` for all that libgan writes.
    pub kind: String,
}

impl Checkpoint {
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = c_path(path)?;
        Self::made(|out| unsafe { gan_checkpoint_open(path.as_ptr(), out) })
    }

    /// `"kind"`, `"step"` or `"seed"`.
    pub fn text(&self, name: &str) -> Result<String> {
        text(gan_checkpoint_text, self.0, name)
    }

    pub fn option(&self, name: &str) -> Result<String> {
        text(gan_checkpoint_option, self.0, name)
    }

    /// Every tensor, in the order of the file.
    pub fn tensors(&self) -> Result<Vec<Tensor>> {
        let mut count = 0;
        check(unsafe { gan_checkpoint_tensor_count(self.0, &mut count) })?;
        let tensor = |i| {
            let name = text_of(sized(|buffer: *mut u8, capacity, size| unsafe {
                gan_checkpoint_tensor_name(self.0, i, buffer.cast(), capacity, size)
            }))?;
            let kind = text_of(sized(|buffer: *mut u8, capacity, size| unsafe {
                gan_checkpoint_tensor_type(self.0, i, buffer.cast(), capacity, size)
            }))?;
            let shape = sized(|axes, capacity, rank| unsafe { gan_checkpoint_tensor_shape(self.0, i, axes, capacity, rank) })?;
            Ok(Tensor { name, shape, kind })
        };
        (0..count).map(tensor).collect()
    }

    /// The numbers of the tensor with this place in `tensors`.
    pub fn read(&self, index: i64) -> Result<Vec<f32>> {
        sized(|values, capacity, count| unsafe { gan_checkpoint_tensor_read(self.0, index, values, capacity, count) })
    }
}

fn raw_classifier(classifier: Option<&Classifier>) -> *const gan_classifier {
    classifier.map_or(null_mut(), |classifier| classifier.0)
}

impl Classifier {
    pub fn load(path: impl AsRef<Path>, options: Option<&Options>) -> Result<Self> {
        let path = c_path(path)?;
        Self::made(|out| unsafe { gan_classifier_load(path.as_ptr(), raw_options(options), out) })
    }

    /// From the contents of a checkpoint file.
    pub fn from_bytes(checkpoint: &[u8], options: Option<&Options>) -> Result<Self> {
        Self::made(|out| unsafe { gan_classifier_load_memory(checkpoint.as_ptr().cast(), checkpoint.len(), raw_options(options), out) })
    }

    pub fn shape(&self) -> Result<Shape> {
        let (mut height, mut width, mut channels) = (0, 0, 0);
        check(unsafe { gan_classifier_shape(self.0, &mut height, &mut width, &mut channels) })?;
        Ok(Shape { height, width, channels })
    }

    pub fn classes(&self) -> Result<i32> {
        let mut classes = 0;
        check(unsafe { gan_classifier_classes(self.0, &mut classes) })?;
        Ok(classes)
    }

    /// What it tells beside features: "labels", "tags", or "" for an autoencoder.
    pub fn target(&self) -> Result<String> {
        text_of(sized(|buffer: *mut u8, capacity, size| unsafe {
            gan_classifier_target(self.0, buffer.cast(), capacity, size)
        }))
    }

    pub fn class_name(&self, index: i32) -> Result<String> {
        text_of(sized(|buffer: *mut u8, capacity, size| unsafe {
            gan_classifier_class_name(self.0, index, buffer.cast(), capacity, size)
        }))
    }

    /// How many numbers the features of a picture are.
    pub fn features(&self) -> Result<i32> {
        let mut features = 0;
        check(unsafe { gan_classifier_features(self.0, &mut features) })?;
        Ok(features)
    }

    /// Class probabilities and features of images of floats from 0 (black) to 1, a row an image.
    pub fn run(&mut self, images: &[f32]) -> Result<(Vec<f32>, Vec<f32>)> {
        let count = items(images.len(), self.shape()?.values(), "images")?;
        let mut probabilities = room(count, self.classes()? as usize)?;
        let mut features = room(count, self.features()? as usize)?;
        check(unsafe {
            gan_classifier_run(
                self.0, images.as_ptr(), count, probabilities.as_mut_ptr(), probabilities.len(), features.as_mut_ptr(), features.len(),
            )
        })?;
        Ok((probabilities, features))
    }
}

/// What an evaluation can measure.
#[derive(Debug, Clone)]
pub struct Measure {
    pub name: &'static str,
    pub summary: &'static str,
    pub paper: &'static str,
    pub range: &'static str,
    /// `"higher"` or `"lower"`.
    pub goal: &'static str,
    /// `"features"`, `"classes"`, `"labels"` or `"pictures"`.
    pub needs: &'static str,
    /// How it depends on their number.
    pub samples: &'static str,
    pub minimum: i64,
}

/// Everything that evaluations can measure.
pub fn measures() -> Vec<Measure> {
    let describe = |i| unsafe {
        let mut minimum = 0;
        gan_measure_minimum(i, &mut minimum);
        Measure {
            name: forever(gan_measure_name(i)),
            summary: forever(gan_measure_summary(i)),
            paper: forever(gan_measure_paper(i)),
            range: forever(gan_measure_range(i)),
            goal: forever(gan_measure_goal(i)),
            needs: forever(gan_measure_needs(i)),
            samples: forever(gan_measure_samples(i)),
            minimum,
        }
    };
    (0..unsafe { gan_measure_count() }).map(describe).collect()
}

impl Evaluation {
    /// Samples 0 … `count` − 1 under the seed.
    pub fn of_generator(
        generator: &Generator, dataset: &Dataset, classifier: Option<&Classifier>, count: i64, seed: u64, options: Option<&Options>,
    ) -> Result<Self> {
        Self::made(|out| unsafe {
            gan_evaluate_generator(generator.0, dataset.0, raw_classifier(classifier), raw_options(options), seed, count, out)
        })
    }

    /// Pictures, whoever made them.
    pub fn of_dataset(samples: &Dataset, dataset: &Dataset, classifier: Option<&Classifier>, options: Option<&Options>) -> Result<Self> {
        Self::made(|out| unsafe { gan_evaluate_dataset(samples.0, dataset.0, raw_classifier(classifier), raw_options(options), out) })
    }

    /// Features of any network, rows of `width` numbers.
    pub fn of_features(samples: &[f32], data: &[f32], width: i32, options: Option<&Options>) -> Result<Self> {
        let size = width.max(0) as usize;
        let (some, others) = (items(samples.len(), size, "samples")?, items(data.len(), size, "items")?);
        Self::made(|out| unsafe { gan_evaluate_features(samples.as_ptr(), some, data.as_ptr(), others, width, raw_options(options), out) })
    }

    /// How many samples and how many items of the data.
    pub fn counts(&mut self) -> Result<(i64, i64)> {
        let (mut samples, mut items) = (0, 0);
        check(unsafe { gan_evaluation_counts(self.0, &mut samples, &mut items) })?;
        Ok((samples, items))
    }

    /// A measure's value and its spread, which is NaN where the measure has none.
    pub fn value(&mut self, name: &str) -> Result<(f64, f64)> {
        let (name, mut value, mut spread) = (c_string(name)?, 0.0, 0.0);
        check(unsafe { gan_evaluation_value(self.0, name.as_ptr(), &mut value, &mut spread) })?;
        Ok((value, spread))
    }

    /// The item of the data nearest to a sample, and how far their features are from each other.
    pub fn nearest(&mut self, sample: i64) -> Result<(i64, f64)> {
        let (mut item, mut distance) = (0, 0.0);
        check(unsafe { gan_evaluation_nearest(self.0, sample, &mut item, &mut distance) })?;
        Ok((item, distance))
    }

    /// What the classifier takes a sample for, and how sure it is.
    pub fn class_of(&mut self, sample: i64) -> Result<(i32, f32)> {
        let (mut index, mut probability) = (0, 0.0);
        check(unsafe { gan_evaluation_class(self.0, sample, &mut index, &mut probability) })?;
        Ok((index, probability))
    }

    /// How many samples, and how many items, the classifier takes for a class.
    pub fn class_counts(&mut self, index: i32) -> Result<(i64, i64)> {
        let (mut samples, mut items) = (0, 0);
        check(unsafe { gan_evaluation_class_counts(self.0, index, &mut samples, &mut items) })?;
        Ok((samples, items))
    }
}

/// The pixels of a PNG or JPEG file that is in memory, and their shape; `convert` is 0 for the file's own channels, 1 for grey,
/// 3 for RGB.
pub fn decode_image(file: &[u8], convert: i32) -> Result<(Vec<u8>, Shape)> {
    decoded(gan_image_decode, file, convert)
}

/// The same of PNG alone.
pub fn decode_png(file: &[u8], convert: i32) -> Result<(Vec<u8>, Shape)> {
    decoded(gan_image_decode_png, file, convert)
}

type Decode = unsafe extern "C" fn(*const c_void, usize, i32, *mut u8, usize, *mut i32, *mut i32, *mut i32) -> i32;

fn decoded(decode: Decode, file: &[u8], convert: i32) -> Result<(Vec<u8>, Shape)> {
    let mut shape = Shape { height: 0, width: 0, channels: 0 };
    let mut decode = |pixels: *mut u8, capacity| {
        let Shape { height, width, channels } = &mut shape;
        check(unsafe { decode(file.as_ptr().cast(), file.len(), convert, pixels, capacity, height, width, channels) })?;
        Ok(shape)
    };
    let mut pixels = room(1, decode(null_mut(), 0)?.values())?;
    let shape = decode(pixels.as_mut_ptr(), pixels.len())?;
    Ok((pixels, shape))
}

/// The same as numbers from 0 to 1, with all of 16 bits, and how many bits a channel the file has, 8 or 16.
pub fn decode_image_floats(file: &[u8], convert: i32) -> Result<(Vec<f32>, Shape, i32)> {
    let (mut shape, mut depth) = (Shape { height: 0, width: 0, channels: 0 }, 0);
    let mut decode = |pixels: *mut f32, capacity| {
        let Shape { height, width, channels } = &mut shape;
        check(unsafe {
            gan_image_decode_floats(file.as_ptr().cast(), file.len(), convert, pixels, capacity, height, width, channels, &mut depth)
        })?;
        Ok(shape)
    };
    let mut pixels = room(1, decode(null_mut(), 0)?.values())?;
    let shape = decode(pixels.as_mut_ptr(), pixels.len())?;
    Ok((pixels, shape, depth))
}

/// One picture of numbers from 0 to 1 as the bytes of a PNG, with 8 or 16 bits a channel.
pub fn encode_png(pixels: &[f32], shape: Shape, depth: i32) -> Result<Vec<u8>> {
    let Shape { height, width, channels } = shape;
    if pixels.len() != shape.values() {
        return Err(invalid(format!("A picture of {height} x {width} x {channels} has {} values; here are {}.", shape.values(), pixels.len())));
    }
    sized(|buffer: *mut u8, capacity, size| unsafe {
        gan_image_encode_png(pixels.as_ptr(), height, width, channels, depth, buffer.cast(), capacity, size)
    })
}

/// Writes the caller's images, bytes from 0 (black) to 255, into one PNG: a grid, row by row.
pub fn write_png(path: impl AsRef<Path>, pixels: &[u8], shape: Shape, grid: Grid) -> Result<()> {
    let (path, count) = (c_path(path)?, items(pixels.len(), shape.values(), "images")?);
    let (Shape { height, width, channels }, Grid { columns, margin, scale }) = (shape, grid);
    check(unsafe { gan_image_write_png(pixels.as_ptr(), count, height, width, channels, columns, margin, scale, path.as_ptr()) })
}

/// The size of a volume: cells along x, y, which is up, and z.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VolumeSize {
    pub depth: i32,
    pub height: i32,
    pub width: i32,
}

impl VolumeSize {
    /// Cells of a volume; 0 for a size that no volume has.
    pub fn values(self) -> usize {
        Shape { height: self.depth, width: self.height, channels: self.width }.values()
    }

    fn check(self, values: &[f32]) -> Result<()> {
        if values.len() == self.values() {
            return Ok(());
        }
        let VolumeSize { depth, height, width } = self;
        Err(invalid(format!("A volume of {depth} x {height} x {width} has {} values; here are {}.", self.values(), values.len())))
    }
}

/// A closed surface: x, y and z of each vertex, those of its normal, outwards, and three vertices for each triangle, anticlockwise as seen
/// from outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Mesh {
    pub positions: Vec<f32>,
    pub normals: Vec<f32>,
    pub triangles: Vec<i32>,
}

/// The surface of the shape that a volume holds: what is greater than the level.
pub fn shape_mesh(values: &[f32], size: VolumeSize, level: f32) -> Result<Mesh> {
    size.check(values)?;
    let VolumeSize { depth, height, width } = size;
    let (mut vertices, mut faces) = (0, 0);
    check(unsafe {
        gan_shape_mesh(
            values.as_ptr(), depth, height, width, level, null_mut(), null_mut(), 0, &mut vertices, null_mut(), 0, &mut faces,
        )
    })?;
    let (mut positions, mut normals) = (room::<f32>(vertices as i64, 3)?, room::<f32>(vertices as i64, 3)?);
    let mut triangles = room::<i32>(faces as i64, 3)?;
    check(unsafe {
        gan_shape_mesh(
            values.as_ptr(), depth, height, width, level, positions.as_mut_ptr(), normals.as_mut_ptr(), vertices, &mut vertices,
            triangles.as_mut_ptr(), faces, &mut faces,
        )
    })?;
    Ok(Mesh { positions, normals, triangles })
}

/// A picture of the shape that a volume holds, `side` x `side` bytes; seen from the front at azimuth 0 and from the right at 90, in degrees.
pub fn shape_render(values: &[f32], size: VolumeSize, level: f32, azimuth: f64, elevation: f64, side: i32) -> Result<Vec<u8>> {
    size.check(values)?;
    let VolumeSize { depth, height, width } = size;
    let mut pixels = room(side as i64, side.max(0) as usize)?;
    check(unsafe {
        gan_shape_render(
            values.as_ptr(), depth, height, width, level, azimuth, elevation, side, pixels.as_mut_ptr(), pixels.len(),
        )
    })?;
    Ok(pixels)
}

/// Writes the shape of a volume: .obj, .stl, .binvox; or of several: .npy, or .png with views of each.
pub fn shape_write(path: impl AsRef<Path>, values: &[f32], size: VolumeSize, level: f32) -> Result<()> {
    let (path, count) = (c_path(path)?, items(values.len(), size.values(), "volumes")?);
    let VolumeSize { depth, height, width } = size;
    check(unsafe { gan_shape_write(values.as_ptr(), count, depth, height, width, level, path.as_ptr()) })
}

// gan.h. Everything unsafe above is a call of one of these. To add a function, write its declaration here and its call above.

macro_rules! opaque {
    ($($name:ident)*) => { $(#[repr(C)] #[allow(non_camel_case_types)] #[derive(Debug)] struct $name { _private: [u8; 0] })* };
}
opaque!(gan_options gan_dataset gan_trainer gan_generator gan_sampler gan_applier gan_checkpoint gan_classifier gan_evaluation);

type Release = Option<unsafe extern "C" fn(*mut c_void)>;
type Fill = Option<unsafe extern "C" fn(*mut c_void, *const i64, i64, *mut f32) -> i32>;
type Progress = Option<unsafe extern "C" fn(*mut c_void, *mut gan_trainer, i32) -> i32>;

#[link(name = "gan")]
unsafe extern "C" {
    fn gan_version() -> i32;
    fn gan_version_string() -> *const c_char;
    fn gan_instruction_set() -> *const c_char;
    fn gan_status_name(status: i32) -> *const c_char;
    fn gan_error_message() -> *const c_char;
    fn gan_options_create(out: *mut *mut gan_options) -> i32;
    fn gan_options_destroy(options: *mut gan_options);
    fn gan_options_set(options: *mut gan_options, name: *const c_char, value: *const c_char) -> i32;
    fn gan_options_set_integer(options: *mut gan_options, name: *const c_char, value: i64) -> i32;
    fn gan_options_set_real(options: *mut gan_options, name: *const c_char, value: f64) -> i32;
    fn gan_options_get(
        options: *const gan_options, name: *const c_char, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_option_count() -> i32;
    fn gan_option_name(index: i32) -> *const c_char;
    fn gan_option_type(index: i32) -> *const c_char;
    fn gan_option_default(index: i32) -> *const c_char;
    fn gan_option_range(index: i32) -> *const c_char;
    fn gan_option_summary(index: i32) -> *const c_char;
    fn gan_option_condition(index: i32) -> *const c_char;
    fn gan_option_bounds(index: i32, minimum: *mut f64, maximum: *mut f64) -> i32;
    fn gan_recipe_count() -> i32;
    fn gan_recipe_name(index: i32) -> *const c_char;
    fn gan_recipe_summary(index: i32) -> *const c_char;
    fn gan_recipe_paper(index: i32) -> *const c_char;
    fn gan_recipe_options(index: i32) -> *const c_char;
    fn gan_dataset_open(path: *const c_char, options: *const gan_options, out: *mut *mut gan_dataset) -> i32;
    fn gan_made_count() -> i32;
    fn gan_made_name(index: i32) -> *const c_char;
    fn gan_made_summary(index: i32) -> *const c_char;
    fn gan_dataset_make(name: *const c_char, count: i64, seed: u64, from: *const gan_dataset, out: *mut *mut gan_dataset) -> i32;
    fn gan_dataset_write(dataset: *const gan_dataset, path: *const c_char, labels: *const c_char) -> i32;
    fn gan_dataset_open_idx(
        images: *const c_char, labels: *const c_char, options: *const gan_options, out: *mut *mut gan_dataset,
    ) -> i32;
    fn gan_dataset_create_bytes(
        pixels: *const u8, count: i64, height: i32, width: i32, channels: i32, labels: *const i32, classes: i32,
        release: Release, context: *mut c_void, out: *mut *mut gan_dataset,
    ) -> i32;
    fn gan_dataset_create_floats(
        values: *const f32, count: i64, height: i32, width: i32, channels: i32, minimum: f32, maximum: f32,
        labels: *const i32, classes: i32, release: Release, context: *mut c_void, out: *mut *mut gan_dataset,
    ) -> i32;
    fn gan_dataset_create_callback(
        fill: Fill, count: i64, height: i32, width: i32, channels: i32, release: Release, context: *mut c_void,
        out: *mut *mut gan_dataset,
    ) -> i32;
    fn gan_dataset_destroy(dataset: *mut gan_dataset);
    fn gan_dataset_shape(
        dataset: *const gan_dataset, count: *mut i64, height: *mut i32, width: *mut i32, channels: *mut i32,
    ) -> i32;
    fn gan_dataset_classes(dataset: *const gan_dataset, classes: *mut i32) -> i32;
    fn gan_dataset_class_name(
        dataset: *const gan_dataset, index: i32, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_dataset_read(dataset: *const gan_dataset, first: i64, count: i64, values: *mut f32, capacity: usize) -> i32;
    fn gan_dataset_read_labels(dataset: *const gan_dataset, first: i64, count: i64, labels: *mut i32, capacity: usize) -> i32;
    fn gan_dataset_field_count(dataset: *const gan_dataset, count: *mut i32) -> i32;
    fn gan_dataset_field_name(
        dataset: *const gan_dataset, index: i32, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_dataset_field_kind(
        dataset: *const gan_dataset, index: i32, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_dataset_field_shape(dataset: *const gan_dataset, index: i32, shape: *mut i64, capacity: usize, rank: *mut usize) -> i32;
    fn gan_dataset_field_items(dataset: *const gan_dataset, index: i32, items: *mut i64) -> i32;
    fn gan_dataset_field_range(dataset: *const gan_dataset, index: i32, minimum: *mut f32, maximum: *mut f32) -> i32;
    fn gan_dataset_field_classes(dataset: *const gan_dataset, index: i32, classes: *mut i32) -> i32;
    fn gan_dataset_field_class_name(
        dataset: *const gan_dataset, index: i32, number: i32, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_dataset_field_read(
        dataset: *const gan_dataset, index: i32, first: i64, count: i64, values: *mut f32, capacity: usize,
    ) -> i32;
    fn gan_dataset_field_text(
        dataset: *const gan_dataset, index: i32, item: i64, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_dataset_create_values(
        values: *const f32, count: i64, axes: *const i64, rank: i32, minimum: f32, maximum: f32, name: *const c_char,
        release: Release, context: *mut c_void, out: *mut *mut gan_dataset,
    ) -> i32;
    fn gan_dataset_add_labels(
        dataset: *const gan_dataset, name: *const c_char, labels: *const i32, classes: i32, names: *const c_char, out:
        *mut *mut gan_dataset,
    ) -> i32;
    fn gan_dataset_add_tags(
        dataset: *const gan_dataset, name: *const c_char, tags: *const u8, names: *const c_char, out: *mut *mut
        gan_dataset,
    ) -> i32;
    fn gan_dataset_add_texts(
        dataset: *const gan_dataset, name: *const c_char, texts: *const c_void, size: usize, length: i32, out: *mut *mut
        gan_dataset,
    ) -> i32;
    fn gan_dataset_combine(
        datasets: *const *const gan_dataset, count: i32, names: *const c_char, paired: i32, out: *mut *mut gan_dataset,
    ) -> i32;
    fn gan_trainer_create(options: *const gan_options, dataset: *mut gan_dataset, out: *mut *mut gan_trainer) -> i32;
    fn gan_trainer_load(
        path: *const c_char, options: *const gan_options, dataset: *mut gan_dataset, out: *mut *mut gan_trainer,
    ) -> i32;
    fn gan_trainer_load_memory(
        bytes: *const c_void, size: usize, options: *const gan_options, dataset: *mut gan_dataset,
        out: *mut *mut gan_trainer,
    ) -> i32;
    fn gan_trainer_data(trainer: *const gan_trainer, comparison: *mut i32) -> i32;
    fn gan_trainer_save(trainer: *mut gan_trainer, path: *const c_char) -> i32;
    fn gan_trainer_save_memory(trainer: *mut gan_trainer, buffer: *mut c_void, capacity: usize, size: *mut usize) -> i32;
    fn gan_trainer_check_save(trainer: *mut gan_trainer, path: *const c_char) -> i32;
    fn gan_trainer_step(trainer: *mut gan_trainer, steps: i64) -> i32;
    fn gan_trainer_run(trainer: *mut gan_trainer, epochs: i64, progress: Progress, context: *mut c_void) -> i32;
    fn gan_trainer_cancel(trainer: *mut gan_trainer) -> i32;
    fn gan_trainer_metric(trainer: *const gan_trainer, name: *const c_char, value: *mut f64) -> i32;
    fn gan_trainer_metric_count(trainer: *const gan_trainer, count: *mut i32) -> i32;
    fn gan_trainer_metric_name(
        trainer: *const gan_trainer, index: i32, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_trainer_option(
        trainer: *const gan_trainer, name: *const c_char, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_trainer_destroy(trainer: *mut gan_trainer);
    fn gan_trainer_preview_shape(trainer: *mut gan_trainer, height: *mut i32, width: *mut i32, channels: *mut i32) -> i32;
    fn gan_trainer_preview(trainer: *mut gan_trainer, first: i64, count: i64, pixels: *mut u8, capacity: usize) -> i32;
    fn gan_metric_count() -> i32;
    fn gan_metric_name(index: i32) -> *const c_char;
    fn gan_metric_summary(index: i32) -> *const c_char;
    fn gan_generator_load(path: *const c_char, out: *mut *mut gan_generator) -> i32;
    fn gan_generator_load_memory(bytes: *const c_void, size: usize, out: *mut *mut gan_generator) -> i32;
    fn gan_trainer_generator(trainer: *mut gan_trainer, out: *mut *mut gan_generator) -> i32;
    fn gan_generator_save(generator: *const gan_generator, path: *const c_char) -> i32;
    fn gan_generator_save_memory(generator: *const gan_generator, buffer: *mut c_void, capacity: usize, size: *mut usize) -> i32;
    fn gan_generator_destroy(generator: *mut gan_generator);
    fn gan_generator_latent_size(generator: *const gan_generator, size: *mut i32) -> i32;
    fn gan_generator_shape(generator: *const gan_generator, height: *mut i32, width: *mut i32, channels: *mut i32) -> i32;
    fn gan_generator_axes(generator: *const gan_generator, axes: *mut i64, capacity: usize, rank: *mut usize) -> i32;
    fn gan_generator_range(generator: *const gan_generator, low: *mut f32, high: *mut f32) -> i32;
    fn gan_generator_option(
        generator: *const gan_generator, name: *const c_char, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_generator_input_count(generator: *const gan_generator, count: *mut i32) -> i32;
    fn gan_generator_input_name(
        generator: *const gan_generator, index: i32, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_generator_input_kind(
        generator: *const gan_generator, index: i32, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_generator_input_width(generator: *const gan_generator, index: i32, width: *mut i32) -> i32;
    fn gan_generator_input_classes(generator: *const gan_generator, index: i32, classes: *mut i32) -> i32;
    fn gan_generator_input_class_name(
        generator: *const gan_generator, index: i32, number: i32, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_sampler_create(generator: *const gan_generator, options: *const gan_options, out: *mut *mut gan_sampler) -> i32;
    fn gan_sampler_destroy(sampler: *mut gan_sampler);
    fn gan_sampler_set(sampler: *mut gan_sampler, input: *const c_char, value: *const c_char) -> i32;
    fn gan_sampler_set_values(sampler: *mut gan_sampler, input: *const c_char, values: *const f32, count: i64) -> i32;
    fn gan_sampler_latents(
        sampler: *mut gan_sampler, seed: u64, first: i64, count: i64, latents: *mut f32, capacity: usize,
    ) -> i32;
    fn gan_sampler_draw(sampler: *mut gan_sampler, seed: u64, first: i64, count: i64, images: *mut f32, capacity: usize) -> i32;
    fn gan_sampler_draw_bytes(
        sampler: *mut gan_sampler, seed: u64, first: i64, count: i64, pixels: *mut u8, capacity: usize,
    ) -> i32;
    fn gan_sampler_decode(sampler: *mut gan_sampler, latents: *const f32, count: i64, images: *mut f32, capacity: usize) -> i32;
    fn gan_sampler_decode_bytes(
        sampler: *mut gan_sampler, latents: *const f32, count: i64, pixels: *mut u8, capacity: usize,
    ) -> i32;
    fn gan_sampler_path(
        sampler: *mut gan_sampler, from: *const f32, to: *const f32, path: i32, count: i64, latents: *mut f32,
        capacity: usize,
    ) -> i32;
    fn gan_sampler_path_at(
        sampler: *mut gan_sampler, from: *const f32, to: *const f32, path: i32, place: f64, latent: *mut f32,
        capacity: usize,
    ) -> i32;
    fn gan_sampler_write_png(
        sampler: *mut gan_sampler, seed: u64, first: i64, count: i64, columns: i32, margin: i32, scale: i32,
        path: *const c_char,
    ) -> i32;
    fn gan_sampler_encode_png(
        sampler: *mut gan_sampler, seed: u64, first: i64, count: i64, columns: i32, margin: i32, scale: i32,
        buffer: *mut c_void, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_sampler_write_idx(sampler: *mut gan_sampler, seed: u64, first: i64, count: i64, path: *const c_char) -> i32;
    fn gan_sampler_write_npy(sampler: *mut gan_sampler, seed: u64, first: i64, count: i64, path: *const c_char) -> i32;
    fn gan_dataset_create_table(text: *const c_void, size: usize, options: *const gan_options, out: *mut *mut gan_dataset) -> i32;
    fn gan_generator_column_count(generator: *const gan_generator, count: *mut i32) -> i32;
    fn gan_generator_column_name(
        generator: *const gan_generator, index: i32, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_generator_column_kind(
        generator: *const gan_generator, index: i32, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_generator_column_categories(generator: *const gan_generator, index: i32, count: *mut i32) -> i32;
    fn gan_generator_column_text(
        generator: *const gan_generator, index: i32, cell: f64, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_sampler_where(sampler: *mut gan_sampler, conditions: *const c_char) -> i32;
    fn gan_sampler_draw_rows(sampler: *mut gan_sampler, seed: u64, first: i64, count: i64, cells: *mut f64, capacity: usize) -> i32;
    fn gan_sampler_write_csv(sampler: *mut gan_sampler, seed: u64, first: i64, count: i64, path: *const c_char) -> i32;
    fn gan_applier_create(generator: *const gan_generator, options: *const gan_options, out: *mut *mut gan_applier) -> i32;
    fn gan_applier_destroy(applier: *mut gan_applier);
    fn gan_applier_channels(applier: *mut gan_applier, input: *mut i32, output: *mut i32, takes_mask: *mut i32) -> i32;
    fn gan_applier_shape(
        applier: *mut gan_applier, height: i32, width: i32, made_height: *mut i32, made_width: *mut i32,
    ) -> i32;
    fn gan_applier_apply(
        applier: *mut gan_applier, seed: u64, pixels: *const f32, mask: *const f32, height: i32, width: i32, made: *mut f32,
        capacity: usize,
    ) -> i32;
    fn gan_applier_apply_bytes(
        applier: *mut gan_applier, seed: u64, pixels: *const u8, mask: *const u8, height: i32, width: i32, made: *mut u8,
        capacity: usize,
    ) -> i32;
    fn gan_applier_frames(applier: *mut gan_applier, past: *mut i32) -> i32;
    fn gan_applier_predict(
        applier: *mut gan_applier, seed: u64, frames: *const f32, given: i32, height: i32, width: i32, count: i32, made: *mut f32,
        capacity: usize,
    ) -> i32;
    fn gan_applier_predict_bytes(
        applier: *mut gan_applier, seed: u64, frames: *const u8, given: i32, height: i32, width: i32, count: i32, made: *mut u8,
        capacity: usize,
    ) -> i32;
    fn gan_checkpoint_open(path: *const c_char, out: *mut *mut gan_checkpoint) -> i32;
    fn gan_checkpoint_destroy(checkpoint: *mut gan_checkpoint);
    fn gan_checkpoint_text(
        checkpoint: *const gan_checkpoint, name: *const c_char, buffer: *mut c_char, capacity: usize,
        size: *mut usize,
    ) -> i32;
    fn gan_checkpoint_option(
        checkpoint: *const gan_checkpoint, name: *const c_char, buffer: *mut c_char, capacity: usize,
        size: *mut usize,
    ) -> i32;
    fn gan_checkpoint_tensor_count(checkpoint: *const gan_checkpoint, count: *mut i64) -> i32;
    fn gan_checkpoint_tensor_name(
        checkpoint: *const gan_checkpoint, index: i64, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_checkpoint_tensor_shape(
        checkpoint: *const gan_checkpoint, index: i64, shape: *mut i64, capacity: usize, rank: *mut usize,
    ) -> i32;
    fn gan_checkpoint_tensor_type(
        checkpoint: *const gan_checkpoint, index: i64, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_checkpoint_tensor_read(
        checkpoint: *const gan_checkpoint, index: i64, values: *mut f32, capacity: usize, count: *mut usize,
    ) -> i32;
    fn gan_classifier_load(path: *const c_char, options: *const gan_options, out: *mut *mut gan_classifier) -> i32;
    fn gan_classifier_load_memory(
        bytes: *const c_void, size: usize, options: *const gan_options, out: *mut *mut gan_classifier,
    ) -> i32;
    fn gan_trainer_classifier(trainer: *mut gan_trainer, out: *mut *mut gan_classifier) -> i32;
    fn gan_classifier_destroy(classifier: *mut gan_classifier);
    fn gan_classifier_shape(
        classifier: *const gan_classifier, height: *mut i32, width: *mut i32, channels: *mut i32,
    ) -> i32;
    fn gan_classifier_target(
        classifier: *const gan_classifier, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_classifier_classes(classifier: *const gan_classifier, classes: *mut i32) -> i32;
    fn gan_classifier_class_name(
        classifier: *const gan_classifier, index: i32, buffer: *mut c_char, capacity: usize, size: *mut usize,
    ) -> i32;
    fn gan_classifier_features(classifier: *const gan_classifier, features: *mut i32) -> i32;
    fn gan_classifier_run(
        classifier: *mut gan_classifier, images: *const f32, count: i64, probabilities: *mut f32, probability_capacity:
        usize, features: *mut f32, feature_capacity: usize,
    ) -> i32;
    fn gan_measure_count() -> i32;
    fn gan_measure_name(index: i32) -> *const c_char;
    fn gan_measure_summary(index: i32) -> *const c_char;
    fn gan_measure_paper(index: i32) -> *const c_char;
    fn gan_measure_range(index: i32) -> *const c_char;
    fn gan_measure_goal(index: i32) -> *const c_char;
    fn gan_measure_needs(index: i32) -> *const c_char;
    fn gan_measure_samples(index: i32) -> *const c_char;
    fn gan_measure_minimum(index: i32, minimum: *mut i64) -> i32;
    fn gan_evaluate_generator(
        generator: *const gan_generator, dataset: *const gan_dataset, classifier: *const gan_classifier, options: *const
        gan_options, seed: u64, count: i64, out: *mut *mut gan_evaluation,
    ) -> i32;
    fn gan_evaluate_dataset(
        samples: *const gan_dataset, dataset: *const gan_dataset, classifier: *const gan_classifier, options: *const
        gan_options, out: *mut *mut gan_evaluation,
    ) -> i32;
    fn gan_evaluate_features(
        samples: *const f32, sample_count: i64, data: *const f32, data_count: i64, width: i32, options: *const
        gan_options, out: *mut *mut gan_evaluation,
    ) -> i32;
    fn gan_evaluation_destroy(evaluation: *mut gan_evaluation);
    fn gan_evaluation_counts(evaluation: *mut gan_evaluation, samples: *mut i64, items: *mut i64) -> i32;
    fn gan_evaluation_value(
        evaluation: *mut gan_evaluation, name: *const c_char, value: *mut f64, spread: *mut f64,
    ) -> i32;
    fn gan_evaluation_nearest(evaluation: *mut gan_evaluation, sample: i64, item: *mut i64, distance: *mut f64) -> i32;
    fn gan_evaluation_class(
        evaluation: *mut gan_evaluation, sample: i64, index: *mut i32, probability: *mut f32,
    ) -> i32;
    fn gan_evaluation_class_counts(
        evaluation: *mut gan_evaluation, index: i32, samples: *mut i64, items: *mut i64,
    ) -> i32;
    fn gan_trainer_judge(trainer: *mut gan_trainer, classifier: *const gan_classifier) -> i32;
    fn gan_image_write_png(
        pixels: *const u8, count: i64, height: i32, width: i32, channels: i32, columns: i32, margin: i32, scale: i32,
        path: *const c_char,
    ) -> i32;
    fn gan_image_decode(
        bytes: *const c_void, size: usize, convert: i32, pixels: *mut u8, capacity: usize, height: *mut i32,
        width: *mut i32, channels: *mut i32,
    ) -> i32;
    fn gan_image_decode_floats(
        bytes: *const c_void, size: usize, convert: i32, pixels: *mut f32, capacity: usize, height: *mut i32,
        width: *mut i32, channels: *mut i32, depth: *mut i32,
    ) -> i32;
    fn gan_image_encode_png(
        pixels: *const f32, height: i32, width: i32, channels: i32, depth: i32, buffer: *mut c_void, capacity: usize,
        size: *mut usize,
    ) -> i32;
    fn gan_shape_mesh(
        values: *const f32, depth: i32, height: i32, width: i32, level: f32, positions: *mut f32, normals: *mut f32,
        vertex_capacity: usize, vertices: *mut usize, triangles: *mut i32, triangle_capacity: usize, faces: *mut usize,
    ) -> i32;
    fn gan_shape_render(
        values: *const f32, depth: i32, height: i32, width: i32, level: f32, azimuth: f64, elevation: f64, side: i32,
        pixels: *mut u8, capacity: usize,
    ) -> i32;
    fn gan_shape_write(
        values: *const f32, count: i64, depth: i32, height: i32, width: i32, level: f32, path: *const c_char,
    ) -> i32;
    fn gan_image_decode_png(
        bytes: *const c_void, size: usize, convert: i32, pixels: *mut u8, capacity: usize, height: *mut i32,
        width: *mut i32, channels: *mut i32,
    ) -> i32;
}
