// A GAN for digits from Go: trains, stops, goes on, saves, loads, draws. Its files equal those that C writes.
//
//	digits DATA OUTPUT
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"

	"example/gan"
)

var passed, failed int

func check(good bool, what string) {
	if good {
		passed++
	} else {
		failed++
		fmt.Fprintln(os.Stderr, "go: failed:", what)
	}
}

// fails gives the sentence of the error that a call must have failed with.
func fails(status gan.Status, err error) string {
	check(errors.Is(err, status), fmt.Sprintf("%v was expected, but there was: %v", status, err))
	return fmt.Sprint(err)
}

func progress(trainer *gan.Trainer, event gan.Event) (stop bool) {
	if event != gan.EpochEnded {
		return false
	}
	metric := func(name string) float64 { return gan.Must(trainer.Metric(name)) }
	fmt.Printf("epoch %.0f   discriminator %.3f   generator %.3f\n", metric("epoch"), metric("discriminator.loss"), metric("generator.loss"))
	return metric("epoch") == 2
}

func write(path string, values any) {
	var buffer bytes.Buffer
	gan.Check(binary.Write(&buffer, binary.LittleEndian, values))
	gan.Check(os.WriteFile(path, buffer.Bytes(), 0o666))
}

func main() {
	if len(os.Args) != 3 {
		os.Exit(2)
	}
	output := func(name string) string { return filepath.Join(os.Args[2], name) }
	fmt.Println("libgan", gan.Version(), "on", gan.InstructionSet(), "from", runtime.Version())

	digits := gan.Must(gan.Open(os.Args[1], nil))
	defer digits.Close()
	count, shape, err := digits.Shape()
	gan.Check(err)
	fmt.Printf("%d images of %d x %d x %d in %d classes\n", count, shape.Height, shape.Width, shape.Channels, gan.Must(digits.Classes()))
	check(count == 10000 && shape == gan.Shape{Height: 28, Width: 28, Channels: 1}, "the shape of the dataset")
	labels := gan.Must(digits.ReadLabels(0, 3))
	check(len(gan.Must(digits.Read(9999, 1))) == 784 && reflect.DeepEqual(labels, []int32{7, 2, 1}), "images and labels are read")

	// Two of three epochs, then the callback stops the run; another trainer goes on with the file.
	options := gan.Must(gan.NewOptions())
	for name, value := range map[string]any{"seed": 7, "generator.hidden": []int{256, 256}, "generator.learning-rate": 1e-3, "discriminator.learning-rate": "1e-3"} {
		gan.Check(options.Set(name, value))
	}
	trainer := gan.Must(gan.NewTrainer(digits, options))
	check(gan.Must(trainer.Option("generator.hidden")) == "256,256", "an option of the trainer")
	fails(gan.Cancelled, trainer.Run(3, progress))
	gan.Check(trainer.Save(output("stopped.safetensors")))
	func() {
		defer func() { check(recover() == "mine", "a panic of the callback comes out of Run") }()
		_ = trainer.Run(1, func(*gan.Trainer, gan.Event) bool { panic("mine") })
	}()
	trainer.Close()

	trainer = gan.Must(gan.LoadTrainer(output("stopped.safetensors"), digits, nil))
	gan.Check(trainer.Run(1, progress))
	check(gan.Must(trainer.Metric("epoch")) == 3 && gan.Must(trainer.Metric("step")) == 300, "the metrics")
	gan.Check(trainer.Save(output("digits.safetensors")))
	taken := gan.Must(gan.Must(gan.NewSampler(gan.Must(trainer.Generator()), nil)).Draw(7, 0, 64))

	// Cancelling a run from another goroutine, once it is under way.
	started := make(chan bool, 1)
	go func() {
		<-started
		gan.Check(trainer.Cancel())
	}()
	fails(gan.Cancelled, trainer.Run(300, func(*gan.Trainer, gan.Event) bool {
		select {
		case started <- true:
		default:
		}
		return false
	}))
	trainer.Close()
	fails(gan.InvalidArgument, trainer.Step(1))

	generator := gan.Must(gan.LoadGenerator(output("digits.safetensors")))
	defer generator.Close()
	low, high, err := generator.Range()
	check(err == nil && low == 0 && high == 1 && gan.Must(generator.LatentSize()) == 128 && gan.Must(generator.Shape()) == shape && len(gan.Must(generator.Axes())) == 3, "the generator's shape")
	check(gan.Must(generator.Option("seed")) == "7", "an option of the generator")
	sampler := gan.Must(gan.NewSampler(generator, options))
	defer sampler.Close()
	images, latents := gan.Must(sampler.Draw(7, 0, 64)), gan.Must(sampler.Latents(7, 0, 64))
	check(reflect.DeepEqual(images, taken) && reflect.DeepEqual(images, gan.Must(sampler.Decode(latents))), "a snapshot, a file and decoding give the same images")
	way := gan.Must(sampler.Path(latents[:128], latents[128:256], gan.Spherical, 5))
	check(reflect.DeepEqual(way[:128], latents[:128]), "a path begins where it should")
	check(reflect.DeepEqual(gan.Must(sampler.PathAt(latents[:128], latents[128:256], gan.Spherical, 0.25)), way[128:256]), "a place of a path")
	write(output("images.f32"), images)
	write(output("images.u8"), gan.Must(sampler.DrawBytes(7, 0, 64)))
	write(output("far.f32"), gan.Must(sampler.Draw(math.MaxUint64-4, 1<<40, 2)))
	write(output("path.f32"), gan.Must(sampler.Decode(way)))
	write(output("grid.png"), gan.Must(sampler.PNG(7, 0, 64, gan.EightARow)))
	gan.Check(sampler.WritePNG(output("written.png"), 7, 0, 64, gan.EightARow))
	pixels := gan.Must(sampler.DrawBytes(1, 0, 1))
	for row := 0; row < 28; row += 2 {
		for _, value := range pixels[row*28 : row*28+28] {
			fmt.Printf("%c", " .:-=+*#%@"[int(value)*10/256])
		}
		fmt.Println()
	}

	// Goroutines share the generator; each has a sampler of its own. Their errors do not mix, whatever threads they run on.
	parts, wrong := make([][]float32, 16), make([]error, 16)
	var group sync.WaitGroup
	for i := range parts {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			own := gan.Must(gan.NewSampler(generator, options))
			defer own.Close()
			parts[i] = gan.Must(own.Draw(7, int64(4*i), 4))
			for again := 0; again < 50; again++ {
				_, wrong[i] = gan.LoadGenerator(fmt.Sprintf("no-file-%d.safetensors", i))
				runtime.Gosched()
				if !strings.Contains(fmt.Sprint(wrong[i]), fmt.Sprintf("no-file-%d.safetensors", i)) {
					return
				}
			}
		}(i)
	}
	group.Wait()
	all, own := []float32{}, true
	for i, part := range parts {
		all = append(all, part...)
		own = own && strings.Contains(fmt.Sprint(wrong[i]), fmt.Sprintf("no-file-%d.safetensors", i))
	}
	check(reflect.DeepEqual(all, images), "goroutines draw what one draws")
	check(own, "every goroutine gets the sentence of its own failure")

	// Data and a checkpoint from memory.
	file := gan.Must(os.ReadFile(output("digits.safetensors")))
	check(reflect.DeepEqual(gan.Must(gan.Must(gan.NewSampler(gan.Must(gan.GeneratorFromBytes(file)), nil)).Draw(7, 0, 64)), images), "a generator from memory draws the same")
	noise := make([]uint8, 200*64)
	for i := range noise {
		noise[i] = uint8(i * i)
	}
	trainer = gan.Must(gan.NewTrainer(gan.Must(gan.FromBytes(noise, gan.Shape{Height: 8, Width: 8, Channels: 1}, nil)), nil))
	gan.Check(trainer.Step(3))
	check(gan.Must(trainer.Metric("step")) == 3, "training on bytes from memory")
	floats := gan.Must(gan.FromFloats([]float32{0, 0.5, 1, 0.25, 0, 0.5, 1, 0.25}, gan.Shape{Height: 2, Width: 2, Channels: 1}, 0, 1, []int32{4, 0}))
	check(reflect.DeepEqual(gan.Must(floats.Read(1, 1)), []float32{0, 0.5, 1, 0.25}) && reflect.DeepEqual(gan.Must(floats.ReadLabels(0, 2)), []int32{4, 0}), "a dataset of floats")
	told := gan.Must(gan.Must(floats.WithTags("tags", []uint8{1, 0, 1, 1}, []string{"hat", "smile"})).WithTexts("text", []string{"a é", "b"}, 0))
	told = gan.Must(told.WithLabels("answer", []int32{0, 1}, []string{"no", "yes"}))
	rows := gan.Must(gan.FromValues([]float32{1, 2, 3, 4}, []int64{2}, 0, 0, "image"))
	pairs := gan.Must(gan.Combine([]gan.Part{{Name: "source", Dataset: told}, {Name: "target", Dataset: rows}}, true))
	fields := gan.Must(pairs.Fields())
	check(len(fields) == 6 && reflect.DeepEqual(fields[2], gan.Field{Name: "source.tags", Kind: "tags", Shape: []int64{2}, Items: 2, Minimum: 0, Maximum: 1, Classes: []string{"hat", "smile"}}) &&
		reflect.DeepEqual(fields[5], gan.Field{Name: "target", Kind: "values", Shape: []int64{2}, Items: 2, Minimum: 1, Maximum: 4, Classes: []string{}}), "fields of a dataset")
	check(gan.Must(pairs.FieldText(2, 1)) == "hat,smile" && gan.Must(pairs.FieldText(3, 0)) == "a é" && gan.Must(pairs.FieldText(4, 1)) == "yes" &&
		reflect.DeepEqual(gan.Must(pairs.ReadField(5, 1, 1)), []float32{3, 4}), "items of fields")

	small := gan.Must(gan.NewOptions())
	for name, value := range map[string]any{"batch-size": 50, "generator.hidden": "8", "discriminator.hidden": "8"} {
		gan.Check(small.Set(name, value))
	}
	learnt := gan.Must(gan.NewTrainer(gan.Must(gan.FromCSV([]byte("city,size\n"+strings.Repeat("Seoul,1.5\nBusan,2.5\n", 100)), small)), small))
	gan.Check(learnt.Step(2))
	made := gan.Must(learnt.Generator())
	columns := gan.Must(made.Columns())
	check(len(columns) == 2 && columns[0].Name == "city" && reflect.DeepEqual(columns[0].Categories, []string{"Busan", "Seoul"}) &&
		gan.Must(made.CellText(0, 1)) == "Seoul", "columns of a table")
	rowsOf := gan.Must(gan.NewSampler(made, nil))
	gan.Check(rowsOf.Where("city=Seoul"))
	cells := gan.Must(rowsOf.DrawRows(7, 0, 3, 2))
	check(len(cells) == 6 && cells[0] == 1 && cells[2] == 1 && cells[4] == 1, "rows of a table")
	gan.Check(rowsOf.WriteCSV(output("rows.csv"), 7, 0, 3))
	check(strings.HasPrefix(string(gan.Must(os.ReadFile(output("rows.csv")))), "city,size\nSeoul,"), "a table in a file")

	// Errors.
	_, err = gan.LoadGenerator("no-such-file.safetensors")
	check(strings.Contains(fails(gan.NotFound, err), "no-such-file"), "the sentence names the file")
	check(strings.Contains(fails(gan.UnknownName, options.Set("batchsize", 64)), "batch-size"), "the sentence gives the nearest option")
	check(gan.Must(options.Get("seed")) == "7", "options are read")
	check(gan.NotFound.Error() == "GAN_E_NOT_FOUND", "a status has its name")
	runtime.GC() // finalizers close what nothing refers to any more

	fmt.Printf("go: %d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
