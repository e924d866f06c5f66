//! A GAN for digits from Rust: trains, stops, goes on, saves, loads, draws. Its files equal those that C writes.
//!
//!     digits DATA OUTPUT

mod gan;

use gan::{Dataset, Error, Event, Generator, Grid, Options, Shape, Trainer, Way};
use std::fmt::Debug;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::exit;

#[derive(Default)]
struct Checks {
    passed: u32,
    failed: u32,
}

impl Checks {
    fn check(&mut self, good: bool, what: &str) {
        if good {
            self.passed += 1;
        } else {
            self.failed += 1;
            eprintln!("rust: failed: {what}");
        }
    }

    /// The sentence of the error that a call must have failed with.
    fn fails<T: Debug>(&mut self, name: &str, result: gan::Result<T>) -> String {
        let error = result.err().unwrap_or(Error { status: 0, name: "no error", message: String::new() });
        self.check(error.name == name && error.status < 0, &format!("{} instead of {name}: {error}", error.name));
        error.message
    }
}

fn progress(trainer: &Trainer, event: Event) -> ControlFlow<()> {
    let metric = |name| trainer.metric(name).unwrap_or(f64::NAN);
    if event == Event::Epoch {
        let (d, g) = (metric("discriminator.loss"), metric("generator.loss"));
        println!("epoch {}   discriminator {d:.3}   generator {g:.3}", metric("epoch"));
        if metric("epoch") == 2.0 {
            return ControlFlow::Break(());
        }
    }
    ControlFlow::Continue(())
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_ne_bytes()).collect()
}

fn digits(checks: &mut Checks, data: PathBuf, output: PathBuf) -> Result<(), Box<dyn std::error::Error>> {
    println!("libgan {} on {} from Rust", gan::version(), gan::instruction_set());
    let digits = Dataset::open(data, None)?;
    let shape = digits.shape()?;
    println!("{} images of {} x {} x {} in {} classes", digits.count()?, shape.height, shape.width, shape.channels, digits.classes()?);
    checks.check(digits.count()? == 10000 && shape.values() == 784 && digits.classes()? == 10, "the shape of the dataset");
    checks.check(digits.read(9999, 1)?.len() == 784 && digits.read_labels(0, 3)? == [7, 2, 1], "images and labels are read");

    // Two of three epochs, then the callback stops the run; another trainer goes on with the file.
    let mut options = Options::new()?;
    options.set("seed", 7)?.set("generator.hidden", "256,256")?;
    options.set("generator.learning-rate", 1e-3)?.set("discriminator.learning-rate", 1e-3)?;
    let mut trainer = Trainer::new(&digits, Some(&options))?;
    checks.check(trainer.option("generator.hidden")? == "256,256", "an option of the trainer");
    checks.fails("GAN_E_CANCELLED", trainer.run_with(3, progress));
    trainer.save(output.join("stopped.safetensors"))?;
    std::panic::set_hook(Box::new(|_| ())); // a panic that is expected need not be told
    let panics = std::panic::AssertUnwindSafe(|| trainer.run_with(1, |_, _| panic!("mine")));
    let panic = std::panic::catch_unwind(panics).err().and_then(|panic| panic.downcast_ref::<&str>().copied());
    let _ = std::panic::take_hook();
    checks.check(panic == Some("mine"), "a panic of the callback comes out of run");

    let mut trainer = Trainer::load(output.join("stopped.safetensors"), &digits, None)?;
    trainer.run_with(1, progress)?;
    checks.check(trainer.metric("epoch")? == 3.0 && trainer.metric("step")? == 300.0, "the metrics");
    trainer.save(output.join("digits.safetensors"))?;
    let taken = trainer.generator()?.sampler(None)?.draw(7, 0, 64)?;

    // Cancelling a run from another thread, which waits for the run to be under way.
    let canceller = trainer.canceller();
    let (told, heard) = std::sync::mpsc::channel();
    let cancelled = std::thread::scope(|scope| {
        scope.spawn(move || heard.recv().map(|()| canceller.cancel()));
        trainer.run_with(300, |_, _| {
            let _ = told.send(());
            ControlFlow::Continue(())
        })
    });
    checks.fails("GAN_E_CANCELLED", cancelled);
    drop(trainer);
    checks.fails("GAN_E_INVALID_HANDLE", canceller.cancel());

    let generator = Generator::load(output.join("digits.safetensors"))?;
    let mut sampler = generator.sampler(Some(&options))?;
    checks.check(generator.shape()? == shape && generator.axes()? == [28, 28, 1] && generator.latent_size()? == 128 && generator.range()? == (0.0, 1.0), "the generator's shape");
    checks.check(generator.option("seed")? == "7", "an option of the generator");
    let (images, latents) = (sampler.draw(7, 0, 64)?, sampler.latents(7, 0, 64)?);
    checks.check(images == taken && images == sampler.decode(&latents)?, "a snapshot, a file and decoding give the same images");
    let way = sampler.path(&latents[..128], &latents[128..256], Way::Spherical, 5)?;
    checks.check(way[..128] == latents[..128], "a path begins where it should");
    checks.check(sampler.path_at(&latents[..128], &latents[128..256], Way::Spherical, 0.25)? == way[128..256], "a place of a path");
    std::fs::write(output.join("images.f32"), bytes(&images))?;
    std::fs::write(output.join("images.u8"), sampler.draw_bytes(7, 0, 64)?)?;
    std::fs::write(output.join("far.f32"), bytes(&sampler.draw(u64::MAX - 4, 1 << 40, 2)?))?;
    std::fs::write(output.join("path.f32"), bytes(&sampler.decode(&way)?))?;
    std::fs::write(output.join("grid.png"), sampler.png(7, 0, 64, Grid::default())?)?;
    sampler.write_png(output.join("written.png"), 7, 0, 64, Grid::default())?;
    for row in sampler.draw_bytes(1, 0, 1)?.chunks(28).step_by(2) {
        println!("{}", row.iter().map(|&value| char::from(b" .:-=+*#%@"[usize::from(value) * 10 / 256])).collect::<String>());
    }

    // Threads share the generator; each has a sampler of its own.
    let halves = std::thread::scope(|scope| {
        let draw = |first| scope.spawn({ let generator = &generator; move || generator.sampler(None)?.draw(7, first, 32) });
        let threads = [draw(0), draw(32)];
        threads.map(|thread| thread.join().expect("a thread that draws"))
    });
    let [first, second] = halves;
    checks.check([first?, second?].concat() == images, "two threads draw what one draws");
    let mut part = vec![0.0; 2 * 784];
    sampler.draw_into(7, 62, &mut part)?;
    checks.check(part == images[62 * 784..], "drawing into a slice");

    let file = std::fs::read(output.join("digits.safetensors"))?;
    checks.check(Generator::from_bytes(&file)?.sampler(None)?.draw(7, 0, 64)? == images, "a generator from memory draws the same");
    let noise: Vec<u8> = (0..200 * 64).map(|i: u32| (i * i) as u8).collect();
    let mut trainer = Trainer::new(&Dataset::from_bytes(&noise, Shape { height: 8, width: 8, channels: 1 }, None)?, None)?;
    trainer.step(3)?;
    checks.check(trainer.metric("step")? == 3.0, "training on bytes from memory");
    let small = Shape { height: 2, width: 2, channels: 1 };
    let floats = Dataset::from_floats(&[0.0, 0.5, 1.0, 0.25, 0.0, 0.5, 1.0, 0.25], small, 0.0, 1.0, Some(&[4, 0]))?;
    checks.check(floats.read(1, 1)? == [0.0, 0.5, 1.0, 0.25] && floats.read_labels(0, 2)? == [4, 0], "a dataset of floats");
    let told = floats.with_tags("tags", &[1, 0, 1, 1], &["hat", "smile"])?.with_texts("text", &["a é", "b"], 0)?;
    let told = told.with_labels("answer", &[0, 1], &["no", "yes"])?;
    let rows = Dataset::from_values(&[1.0, 2.0, 3.0, 4.0], &[2], 0.0, 0.0, "image")?;
    let pairs = Dataset::combine(&[("source", &told), ("target", &rows)], true)?;
    let fields = pairs.fields()?;
    checks.check(
        fields.len() == 6 && fields[2].name == "source.tags" && fields[2].kind == "tags" && fields[2].classes == ["hat", "smile"]
            && fields[5].shape == [2] && fields[5].items == 2 && (fields[5].minimum, fields[5].maximum) == (1.0, 4.0),
        "fields of a dataset",
    );
    checks.check(
        pairs.field_text(2, 1)? == "hat,smile" && pairs.field_text(3, 0)? == "a é" && pairs.field_text(4, 1)? == "yes"
            && pairs.read_field(5, 1, 1)? == [3.0, 4.0],
        "items of fields",
    );

    let mut small = Options::new()?;
    for (name, value) in [("batch-size", "50"), ("generator.hidden", "8"), ("discriminator.hidden", "8")] {
        small.set(name, value)?;
    }
    let table = format!("city,size\n{}", "Seoul,1.5\nBusan,2.5\n".repeat(100));
    let mut learnt = Trainer::new(&Dataset::from_csv(table.as_bytes(), Some(&small))?, Some(&small))?;
    learnt.step(2)?;
    let made = learnt.generator()?;
    let columns = made.columns()?;
    checks.check(
        columns.len() == 2 && columns[0].name == "city" && columns[0].categories == ["Busan", "Seoul"] && made.cell_text(0, 1.0)? == "Seoul",
        "columns of a table",
    );
    let mut rows = made.sampler(None)?;
    rows.r#where("city=Seoul")?;
    let cells = rows.draw_rows(7, 0, 3, 2)?;
    checks.check(cells[0] == 1.0 && cells[2] == 1.0 && cells[4] == 1.0, "rows of a table");
    rows.write_csv(output.join("rows.csv"), 7, 0, 3)?;
    checks.check(std::fs::read_to_string(output.join("rows.csv"))?.starts_with("city,size\nSeoul,"), "a table in a file");

    let missing = checks.fails("GAN_E_NOT_FOUND", Generator::load("no-such-file.safetensors"));
    checks.check(missing.contains("no-such-file"), "the sentence names the file");
    let unknown = checks.fails("GAN_E_UNKNOWN_NAME", Options::new()?.set("batchsize", 64).map(|_| ()));
    checks.check(unknown.contains("batch-size"), "the sentence gives the nearest option");
    checks.check(options.get("seed")? == "7", "options are read");
    checks.fails("GAN_E_INVALID_ARGUMENT", Generator::load("a\0b"));
    Ok(())
}

fn main() {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [data, output] = match <[PathBuf; 2]>::try_from(arguments) {
        Ok(both) => both,
        Err(_) => exit(2),
    };
    let mut checks = Checks::default();
    if let Err(error) = digits(&mut checks, data, output) {
        checks.check(false, &error.to_string());
    }
    println!("rust: {} passed, {} failed", checks.passed, checks.failed);
    exit((checks.failed > 0) as i32);
}
