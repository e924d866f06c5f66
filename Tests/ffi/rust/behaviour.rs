//! What gan.rs promises beyond digits.rs: nothing is cut or wrapped, and what a program rarely uses works too.
//!
//!     behaviour CHECKPOINT OUTPUT

mod gan;

use gan::{measures, Checkpoint, Classifier, Dataset, Evaluation, Generator, Grid, Options, Shape, Trainer};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

struct Checks(u32, u32);

impl Checks {
    fn check(&mut self, good: bool, what: &str) {
        if good {
            self.0 += 1;
        } else {
            self.1 += 1;
            eprintln!("rust: failed: {}", what);
        }
    }

    fn refused<T>(&mut self, name: &str, what: &str, result: gan::Result<T>) {
        let found = result.err().map_or("no error", |error| error.name);
        self.check(found == name, &format!("{}: {} instead of {}", what, found, name));
    }
}

struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn hold(&self) {}
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn all(checks: &mut Checks, checkpoint: &Path, output: &Path) -> gan::Result<()> {
    let generator = Generator::load(checkpoint)?;
    let mut sampler = generator.sampler(None)?;
    let one = |size| Shape { height: size, width: 1, channels: 1 };

    let mut options = Options::new()?;
    options.set_integer("seed", i64::MAX)?.set_real("generator.learning-rate", 0.25)?;
    checks.check(options.get("seed")? == "9223372036854775807" && options.get("generator.learning-rate")? == "0.25", "options are set from numbers");
    let described = gan::describe_options();
    let bounds = |name| described.iter().find(|option| option.name == name).and_then(|option| option.bounds);
    checks.check(bounds("batch-size").map(|bounds| bounds.0) == Some(1.0) && bounds("preset").is_none(), "options are described");
    checks.check(gan::describe_metrics().iter().any(|metric| metric.0 == "generator.loss") && gan::version_number() >= 100, "metrics and the version");

    for (what, result) in [
        ("load", Generator::load("m\0x").map(|_| ())),
        ("open", Dataset::open("m\0x", None).map(|_| ())),
        ("open_idx", Dataset::open_idx("m", Some(Path::new("m\0x")), None).map(|_| ())),
        ("save", generator.save(output.join("m\0x"))),
        ("set", options.set("seed", "7\0x").map(|_| ())),
        ("get", options.get("seed\0x").map(|_| ())),
    ] {
        checks.refused("GAN_E_INVALID_ARGUMENT", &format!("{} takes no byte 0", what), result);
    }
    checks.refused("GAN_E_INVALID_ARGUMENT", "a negative size", Dataset::from_bytes(&[0, 0], Shape { height: -1, width: -1, channels: 2 }, None));
    let huge = Shape { height: i32::MAX, width: i32::MAX, channels: i32::MAX };
    checks.refused("GAN_E_INVALID_ARGUMENT", "a size that overflows", Dataset::from_bytes(&[0, 0], huge, None));
    checks.refused("GAN_E_INVALID_ARGUMENT", "more than memory holds", sampler.draw(7, 0, i64::MAX));
    checks.refused("GAN_E_INVALID_ARGUMENT", "a count below zero", sampler.draw(7, 0, -1));
    checks.refused("GAN_E_INVALID_ARGUMENT", "a latent is short", sampler.decode(&[0.0; 127]));

    let latents = sampler.latents(7, 0, 2)?;
    checks.check(sampler.decode_bytes(&latents)? == sampler.draw_bytes(7, 0, 2)?, "latents to bytes");
    sampler.write_idx(output.join("written.idx"), 7, 0, 4)?;
    sampler.write_npy(output.join("written.npy"), 7, 0, 2)?;
    checks.check(Dataset::open_idx(output.join("written.idx"), None, None)?.count()? == 4 && output.join("written.npy").exists(), "IDX and NumPy files");
    let (pixels, shape) = gan::decode_png(&sampler.png(7, 0, 1, Grid { columns: 1, margin: 0, scale: 1 })?, 0)?;
    checks.check(shape == generator.shape()? && pixels == sampler.draw_bytes(7, 0, 1)?, "a PNG is decoded");
    gan::write_png(output.join("again.png"), &sampler.draw_bytes(7, 0, 64)?, shape, Grid::default())?;
    checks.check(std::fs::read(output.join("again.png")).ok() == Some(sampler.png(7, 0, 64, Grid::default())?), "a PNG of the caller's pixels");
    let file = Checkpoint::open(checkpoint)?;
    let place = file.tensors()?.iter().position(|tensor| tensor.name == "generator.1.weight").unwrap_or(0);
    let weight = &file.tensors()?[place];
    checks.check(weight.shape == [256, 256] && weight.kind == "F32", "a checkpoint tells its tensors");
    checks.check(file.read(place as i64)?.len() == 256 * 256, "and gives their numbers");
    checks.check(gan::decode_image(&sampler.png(7, 0, 1, Grid { columns: 1, margin: 0, scale: 1 })?, 0)?.0 == pixels, "a picture is decoded");
    let (numbers, shape, depth) = gan::decode_image_floats(&sampler.png(7, 0, 1, Grid { columns: 1, margin: 0, scale: 1 })?, 0)?;
    let (again, _, deep) = gan::decode_image_floats(&gan::encode_png(&numbers, shape, 16)?, 0)?;
    checks.check(
        depth == 8 && deep == 16 && numbers.iter().zip(&again).all(|(a, b)| (a - b).abs() < 1e-5),
        "numbers go into a picture and out",
    );
    let cell = gan::VolumeSize { depth: 1, height: 1, width: 1 };
    let mesh = gan::shape_mesh(&[1.0], cell, 0.5)?;
    checks.check(mesh.positions.len() == 18 && mesh.normals.len() == 18 && mesh.triangles.len() == 24, "a volume becomes a mesh");
    checks.check(gan::shape_mesh(&[0.0], cell, 0.5)?.triangles.is_empty(), "an empty one has no triangles");
    checks.check(gan::shape_render(&[1.0], cell, 0.5, 0.0, 0.0, 8)?[36] < 255, "and a picture");
    gan::shape_write(output.join("cell.obj"), &[1.0], cell, 0.5)?;
    checks.refused("GAN_E_INVALID_ARGUMENT", "too few cells", gan::shape_mesh(&[1.0, 1.0], cell, 0.5));
    checks.refused("GAN_E_INVALID_ARGUMENT", "a format that there is not", gan::shape_write(output.join("cell.ply"), &[1.0], cell, 0.5));
    checks.check(described.iter().any(|option| option.condition.contains("dcgan")), "options tell when they matter");
    let labelled = Dataset::from_bytes(&[0; 400], one(2), Some(&[1; 200]))?;
    checks.check(labelled.class_name(1)? == "1", "classes have names");
    let saved = Trainer::new(&labelled, None)?;
    saved.save(output.join("memory.safetensors"))?;
    saved.check_save(output.join("memory.safetensors"))?;
    checks.refused("GAN_E_NOT_FOUND", "a folder that is not there", saved.check_save(output.join("no/such/file")));
    checks.check(std::fs::read(output.join("memory.safetensors")).ok() == Some(saved.to_bytes()?), "a checkpoint in memory is the file");
    let again = Trainer::from_bytes(&saved.to_bytes()?, &labelled, None)?;
    checks.check(again.has_same_data()? == Some(true), "a training goes on from memory");
    let copy = Generator::from_bytes(&generator.to_bytes()?)?.sampler(None)?.draw(7, 0, 2)?;
    checks.check(copy == sampler.draw(7, 0, 2)?, "a generator in memory");
    checks.check(file.text("kind")? == "trainer" && file.option("seed")? == "7", "a checkpoint tells its kind and options");

    let stacked = Dataset::make("stacked", 6, 1, Some(&Dataset::make("digits", 20, 0, None)?))?;
    let pair = (output.join("stacked.idx"), output.join("stacked-labels.idx"));
    stacked.write(&pair.0, Some(&pair.1))?;
    let read = Dataset::open_idx(&pair.0, Some(&pair.1), None)?;
    let made = read.read_labels(0, 6)? == stacked.read_labels(0, 6)? && read.read(0, 6)? == stacked.read(0, 6)?;
    checks.check(made && gan::made_data().iter().any(|one| one.0 == "ring") && stacked.classes()? == 1000, "data are made, written and read");

    // What samples are made of besides chance; sample i has class i mod 2 unless it is told.
    let recipes = gan::recipes();
    let options = |name| recipes.iter().find(|recipe| recipe.name == name).map(|recipe| recipe.options.clone()).unwrap_or_default();
    checks.check(options("infogan").contains(&"info.categories") && recipes.iter().all(|recipe| recipe.summary.len() > 20 && recipe.paper.len() > 20), "recipes are listed");
    let (pixels, labels): (Vec<u8>, Vec<i32>) = ((0..400).map(|i| (i % 200) as u8).collect(), (0..200).map(|i| i % 2).collect());
    let mut settings = Options::new()?;
    settings.set("condition", "labels")?;
    let mut told = Trainer::new(&Dataset::from_bytes(&pixels, one(2), Some(&labels))?, Some(&settings))?;
    told.step(2)?;
    checks.check(told.metrics()?.iter().any(|name| name == "generator.loss"), "a trainer lists its metrics");
    for name in told.metrics()? {
        told.metric(&name)?;
    }
    let generator = told.generator()?;
    let inputs = generator.inputs()?;
    checks.check(inputs.len() == 2 && inputs[0].name == "latents" && inputs[0].kind == "latent" && inputs[0].width == generator.latent_size()? && inputs[0].classes.is_empty(), "a generator lists its latents");
    checks.check(inputs.len() == 2 && inputs[1].name == "label" && inputs[1].kind == "label" && inputs[1].width == 1 && inputs[1].classes == ["0", "1"], "and its label");
    let mut sampler = generator.sampler(None)?;
    let free = sampler.draw(7, 0, 2)?;
    sampler.set("label", "1")?;
    let set = sampler.draw(7, 0, 2)?;
    checks.check(set[..2] != free[..2] && set[2..] == free[2..], "an input is set");
    sampler.set("label", "")?;
    checks.check(sampler.draw(7, 0, 2)? == free, "an input is unset");
    sampler.set_values("label", &[1.0])?;
    checks.check(sampler.draw(7, 0, 2)? == set, "an input is set to a row");
    sampler.set_values("label", &[0.0, 1.0])?;
    checks.check(sampler.draw(7, 0, 2)? == free, "an input is set to rows");
    checks.refused("GAN_E_UNKNOWN_NAME", "a class that is not there", sampler.set("label", "2"));
    checks.refused("GAN_E_OUT_OF_RANGE", "a class's number that is not there", sampler.set_values("label", &[2.0]));
    checks.refused("GAN_E_UNKNOWN_NAME", "an input that is not there", sampler.set("labels", "1"));
    checks.refused("GAN_E_INVALID_ARGUMENT", "an input takes no byte 0", sampler.set("label", "1\0"));

    // Measures, a classifier, and an evaluation of features whose distance is known.
    let rows: Vec<u8> = (0..40 * 64).map(|i| if i / 64 % 2 == i % 64 / 32 { 255 } else { 0 }).collect();
    let classes: Vec<i32> = (0..40).map(|i| i % 2).collect();
    let halves = Dataset::from_bytes(&rows, Shape { height: 8, width: 8, channels: 1 }, Some(&classes))?;
    let mut settings = Options::new()?;
    settings.set("recipe", "classifier")?.set("classifier.channels", 2)?.set("batch-size", 10)?;
    let mut judged = Trainer::new(&halves, Some(&settings))?;
    judged.run(2)?;
    judged.save(output.join("judge"))?;
    let mut judge = judged.classifier()?;
    checks.check(judge.classes()? == 2 && judge.shape()?.height == 8 && judge.class_name(1)? == "1" && judge.target()? == "labels", "a classifier tells of itself");
    let told = judge.run(&halves.read(0, 3)?)?;
    checks.check(told.0.len() == 6 && told.1.len() == 3 * judge.features()? as usize, "and of pictures");
    checks.check(Classifier::load(output.join("judge"), None)?.run(&halves.read(0, 3)?)? == told, "a classifier is loaded");
    checks.check(Classifier::from_bytes(&judged.to_bytes()?, None)?.run(&halves.read(0, 3)?)? == told, "and from memory");
    checks.refused("GAN_E_MISMATCH", "a classifier draws nothing", judged.generator());
    let mut same = Evaluation::of_dataset(&halves, &halves, Some(&judge), None)?;
    checks.check(same.value("copies")?.0 == 1.0 && same.counts()? == (40, 40) && same.nearest(3)?.1 == 0.0, "data beside themselves are copies");
    checks.check(same.class_of(0)?.1 >= 0.5 && same.class_counts(0)?.0 + same.class_counts(1)?.0 == 40, "classes are told");
    let mut settings = Options::new()?;
    settings.set("batch-size", 10)?.set("evaluate.every", 1)?.set("evaluate.count", 16)?;
    let mut drawing = Trainer::new(&halves, Some(&settings))?;
    drawing.judge(Some(&judge))?;
    drawing.run(1)?;
    let mut drawn = Evaluation::of_generator(&drawing.generator()?, &halves, None, 20, 7, None)?;
    checks.check(drawing.metric("evaluate.modes")? >= 1.0 && drawn.value("recall")?.0 >= 0.0, "a generator is evaluated");
    let mut known = Evaluation::of_features(&[3.0, 0.0, -3.0, 0.0, 0.0, 1.0, 0.0, -1.0], &[1.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0, -1.0], 2, None)?;
    let (value, spread) = known.value("frechet-distance")?;
    checks.check((value - 8.0 / 3.0).abs() < 1e-12 && spread.is_nan(), "the distance of features");
    let listed = measures();
    checks.check(listed.len() >= 15 && listed[0].minimum >= 1 && listed[0].goal == "lower", "measures are listed");
    checks.refused("GAN_E_UNKNOWN_NAME", "a measure that is not there", known.value("recal"));
    checks.refused("GAN_E_INVALID_ARGUMENT", "features that are no rows", Evaluation::of_features(&[1.0], &[1.0, 2.0], 2, None));

    // Pictures of pictures.
    checks.refused("GAN_E_MISMATCH", "a generator of numbers is no applier", generator.applier(None));
    let mut settings = Options::new()?;
    settings.set("recipe", "super-resolution")?.set("scale", 2)?.set("generator.channels", 4)?.set("generator.blocks", 1)?.set("batch-size", 10)?;
    let resolving = Trainer::new(&halves, Some(&settings))?;
    checks.check(resolving.preview_shape()? == Shape { height: 8, width: 28, channels: 1 }, "a row of input, output and truth");
    checks.check(resolving.preview(0, 2)?.len() == 448, "and two of them");
    checks.refused("GAN_E_INVALID_ARGUMENT", "rows before the first", resolving.preview(-1, 1));
    let mut applier = resolving.generator()?.applier(None)?;
    checks.check(applier.channels()? == (1, 1, false), "an applier tells of itself");
    checks.check(applier.shape(5, 7)? == Shape { height: 10, width: 14, channels: 1 }, "and of what it makes");
    let (floats, bytes) = (applier.apply(0, &[1.0; 35], None, 5, 7)?, applier.apply_bytes(0, &[255; 35], None, 5, 7)?);
    checks.check(floats.len() == 140 && bytes.len() == 140 && (floats[60] * 255.0 - f32::from(bytes[60])).abs() < 0.51, "a picture of a picture");
    checks.refused("GAN_E_INVALID_ARGUMENT", "a picture is short", applier.apply(0, &[1.0], None, 5, 7));
    checks.refused("GAN_E_INVALID_ARGUMENT", "a mask is short", applier.apply_bytes(0, &[1; 35], Some(&[1]), 5, 7));
    checks.refused("GAN_E_INVALID_ARGUMENT", "a mask where none is wanted", applier.apply(0, &[1.0; 35], Some(&[1.0; 35]), 5, 7));
    checks.refused("GAN_E_OUT_OF_RANGE", "a picture without a side", applier.apply(0, &[], None, 0, 7));
    checks.check(applier.frames()? == 0, "a picture is none of several");

    // Frames that follow.
    let mut settings = Options::new()?;
    settings.set("recipe", "next-frame")?.set("frames.past", 2)?.set("frames.ahead", 1)?.set("batch-size", 5)?;
    settings.set("generator.channels", 2)?.set("discriminator.channels", 2)?;
    let mut applier = Trainer::new(&Dataset::make("moving", 10, 3, None)?, Some(&settings))?.generator()?.applier(None)?;
    let given: Vec<u8> = (1..=70).map(|i| (i * 7 % 256) as u8).collect();
    let (five, two) = (applier.predict_bytes(0, &given, 5, 7, 5)?, applier.predict_bytes(0, &given, 5, 7, 2)?);
    checks.check(applier.frames()? == 2 && five.len() == 175 && five[..70] == two[..], "frames that follow");
    let floats = applier.predict(0, &given.iter().map(|&value| f32::from(value) / 255.0).collect::<Vec<_>>(), 5, 7, 1)?;
    checks.check(floats.len() == 35 && (floats[12] * 255.0 - f32::from(five[12])).abs() < 0.6, "frames of floats");
    checks.refused("GAN_E_INVALID_ARGUMENT", "a frame is short", applier.predict(0, &[1.0], 5, 7, 1));
    checks.refused("GAN_E_OUT_OF_RANGE", "too few frames", applier.predict_bytes(0, &given[..35], 5, 7, 1));
    checks.refused("GAN_E_MISMATCH", "a picture where frames are read", applier.apply(0, &[1.0; 35], None, 5, 7));

    // A function that fills batches lives as long as somebody needs it, and may panic.
    let (dropped, filled) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (kept, count) = (Counted(dropped.clone()), filled.clone());
    let images = Dataset::from_callback(1000, one(1), move |indices, values| {
        kept.hold();
        count.fetch_add(indices.len(), Ordering::SeqCst);
        indices.iter().zip(values).for_each(|(&index, value)| *value = index as f32 / 1000.0);
    })?;
    checks.check((images.read(500, 1)?[0] - 0.5).abs() < 1e-6, "a function's images are read");
    let mut trainer = Trainer::new(&images, None)?;
    drop(images);
    trainer.step(2)?;
    checks.check(filled.load(Ordering::SeqCst) == 201 && dropped.load(Ordering::SeqCst) == 0, "a function fills batches");
    drop(trainer);
    checks.check(dropped.load(Ordering::SeqCst) == 1, "and is dropped with the last that needs it");
    let kept = Counted(dropped.clone());
    checks.refused("GAN_E_INVALID_ARGUMENT", "no images", Dataset::from_callback(0, one(1), move |_, _| kept.hold()));
    checks.check(dropped.load(Ordering::SeqCst) == 2, "a function that was refused is dropped");
    let mut broken = Trainer::new(&Dataset::from_callback(1000, one(1), |_, _| panic!("mine"))?, None)?;
    std::panic::set_hook(Box::new(|_| ())); // a panic that is expected need not be told
    let panic = catch_unwind(AssertUnwindSafe(|| broken.step(1))).err();
    let _ = std::panic::take_hook();
    checks.check(panic.and_then(|panic| panic.downcast_ref::<&str>().copied()) == Some("mine"), "its panic comes out of step");
    checks.refused("GAN_E_NOT_FOUND", "and is not told twice", Generator::load("no-such-file"));
    Ok(())
}

fn main() {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut checks = Checks(0, 0);
    if let Err(error) = all(&mut checks, &arguments[0], &arguments[1]) {
        checks.check(false, &error.to_string());
    }
    println!("rust: {} passed, {} failed", checks.0, checks.1);
    std::process::exit((checks.1 > 0) as i32);
}
