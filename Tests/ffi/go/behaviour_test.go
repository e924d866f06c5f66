package main

// What gan.go promises beyond digits.go: nothing is cut or wrapped, and what a program rarely uses works too.
//
//	GAN_CHECKPOINT=digits.safetensors go test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"

	"errors"

	"example/gan"
)

func refused(t *testing.T, status gan.Status, what string, err error) {
	t.Helper()
	if !errors.Is(err, status) || err.Error() == "" {
		t.Errorf("%s: %v instead of %v", what, err, status)
	}
}

func good(t *testing.T, good bool, what string) {
	t.Helper()
	if !good {
		t.Error(what)
	}
}

func TestEverything(t *testing.T) {
	checkpoint := os.Getenv("GAN_CHECKPOINT")
	here := func(name string) string { return filepath.Join(t.TempDir(), name) }
	generator := gan.Must(gan.LoadGenerator(checkpoint))
	sampler := gan.Must(gan.NewSampler(generator, nil))

	options := gan.Must(gan.NewOptions())
	gan.Check(options.SetInteger("seed", math.MaxInt64))
	gan.Check(options.SetReal("generator.learning-rate", 0.25))
	good(t, gan.Must(options.Get("seed")) == "9223372036854775807" && gan.Must(options.Get("generator.learning-rate")) == "0.25", "options are set from numbers")
	described := map[string]gan.OptionDescription{}
	for _, option := range gan.DescribeOptions() {
		described[option.Name] = option
	}
	good(t, described["batch-size"].Minimum == 1 && math.IsNaN(described["preset"].Minimum) && described["loss"].Summary != "", "options are described")
	good(t, gan.DescribeMetrics()["generator.loss"] != "" && gan.VersionNumber() >= 100, "metrics and the version")

	for what, call := range map[string]func() error{
		"load":     func() error { _, err := gan.LoadGenerator("m\x00x"); return err },
		"open":     func() error { _, err := gan.Open("m\x00x", nil); return err },
		"open IDX": func() error { _, err := gan.OpenIDX("m", "m\x00x", nil); return err },
		"save":     func() error { return generator.Save("m\x00x") },
		"set":      func() error { return options.Set("seed", "7\x00x") },
		"get":      func() error { _, err := options.Get("seed\x00x"); return err },
	} {
		refused(t, gan.InvalidArgument, what+" takes no byte 0", call())
	}
	for what, shape := range map[string]gan.Shape{
		"a size of 33 bits": {Height: 1<<32 + 2, Width: 1, Channels: 1}, "negative sizes": {Height: -1, Width: -2, Channels: 1},
		"sizes that overflow": {Height: math.MaxInt32, Width: math.MaxInt32, Channels: math.MaxInt32},
	} {
		_, err := gan.FromBytes(make([]uint8, 2), shape, nil)
		refused(t, gan.InvalidArgument, what, err)
	}
	_, err := sampler.Draw(7, 0, math.MaxInt)
	refused(t, gan.OutOfMemory, "more than memory holds", err)
	_, err = sampler.Draw(7, 0, -1)
	refused(t, gan.InvalidArgument, "a count below zero", err)
	_, err = sampler.Decode(make([]float32, 127))
	refused(t, gan.InvalidArgument, "a latent is short", err)

	latents := gan.Must(sampler.Latents(7, 0, 2))
	good(t, bytes.Equal(gan.Must(sampler.DecodeBytes(latents)), gan.Must(sampler.DrawBytes(7, 0, 2))), "latents to bytes")
	idx := here("written.idx")
	gan.Check(sampler.WriteIDX(idx, 7, 0, 4))
	gan.Check(sampler.WriteNPY(here("written.npy"), 7, 0, 2))
	count, _, err := gan.Must(gan.OpenIDX(idx, "", nil)).Shape()
	good(t, err == nil && count == 4, "an IDX file is written and read")
	pixels, shape, err := gan.DecodePNG(gan.Must(sampler.PNG(7, 0, 1, gan.Grid{Columns: 1, Scale: 1})), 0)
	good(t, err == nil && shape == gan.Must(generator.Shape()) && bytes.Equal(pixels, gan.Must(sampler.DrawBytes(7, 0, 1))), "a PNG is decoded")
	again := here("again.png")
	gan.Check(gan.WritePNG(again, gan.Must(sampler.DrawBytes(7, 0, 64)), shape, gan.EightARow))
	good(t, bytes.Equal(gan.Must(os.ReadFile(again)), gan.Must(sampler.PNG(7, 0, 64, gan.EightARow))), "a PNG of the caller's pixels")
	file := gan.Must(gan.OpenCheckpoint(checkpoint))
	found := false
	for i, tensor := range gan.Must(file.Tensors()) {
		if tensor.Name == "generator.1.weight" {
			found = reflect.DeepEqual(tensor.Shape, []int64{256, 256}) && tensor.Type == "F32" && len(gan.Must(file.Read(int64(i)))) == 256*256
		}
	}
	decoded, _, err := gan.DecodeImage(gan.Must(sampler.PNG(7, 0, 1, gan.Grid{Columns: 1, Scale: 1})), 0)
	good(t, err == nil && bytes.Equal(decoded, pixels), "a picture is decoded")
	numbers, size, depth, err := gan.DecodeImageFloats(gan.Must(sampler.PNG(7, 0, 1, gan.Grid{Columns: 1, Scale: 1})), 0)
	good(t, err == nil && depth == 8, "a picture is decoded to numbers")
	deep, _, depth, err := gan.DecodeImageFloats(gan.Must(gan.EncodePNG(numbers, size, 16)), 0)
	good(t, err == nil && depth == 16 && deep[50]-numbers[50] < 1e-5 && numbers[50]-deep[50] < 1e-5, "numbers are encoded with 16 bits")
	cell := gan.VolumeSize{Depth: 1, Height: 1, Width: 1}
	mesh, err := gan.ShapeMesh([]float32{1}, cell, 0.5)
	good(t, err == nil && len(mesh.Positions) == 18 && len(mesh.Normals) == 18 && len(mesh.Triangles) == 24, "a volume becomes a mesh")
	mesh, err = gan.ShapeMesh([]float32{0}, cell, 0.5)
	good(t, err == nil && len(mesh.Triangles) == 0, "an empty one has no triangles")
	view, err := gan.ShapeRender([]float32{1}, cell, 0.5, 0, 0, 8)
	good(t, err == nil && view[36] < 255, "and a picture")
	gan.Check(gan.ShapeWrite(here("cell.obj"), []float32{1}, cell, 0.5))
	_, err = gan.ShapeMesh([]float32{1, 1}, cell, 0.5)
	refused(t, gan.InvalidArgument, "too few cells", err)
	refused(t, gan.InvalidArgument, "a format that there is not", gan.ShapeWrite(here("cell.ply"), []float32{1}, cell, 0.5))
	good(t, described["seed"].Condition == "" && described["generator.channels"].Condition != "", "options tell when they matter")
	labels := make([]int32, 200)
	labels[0] = 1
	images := gan.Must(gan.FromBytes(make([]uint8, 400), gan.Shape{Height: 2, Width: 1, Channels: 1}, labels))
	good(t, gan.Must(images.ClassName(1)) == "1", "classes have names")
	trainer := gan.Must(gan.NewTrainer(images, nil))
	memory := here("memory")
	gan.Check(trainer.Save(memory))
	gan.Check(trainer.CheckSave(memory))
	refused(t, gan.NotFound, "a folder that is not there", trainer.CheckSave(here("no/such/file")))
	saved := gan.Must(trainer.Bytes())
	good(t, bytes.Equal(gan.Must(os.ReadFile(memory)), saved), "a checkpoint in memory is the file")
	resumed := gan.Must(gan.TrainerFromBytes(saved, images, nil))
	good(t, gan.Must(resumed.Data()) == gan.SameData, "a training goes on from memory")
	copied := gan.Must(gan.NewSampler(gan.Must(gan.GeneratorFromBytes(gan.Must(generator.Bytes()))), nil))
	good(t, reflect.DeepEqual(gan.Must(copied.Draw(7, 0, 2)), gan.Must(sampler.Draw(7, 0, 2))), "a generator in memory")
	good(t, found && gan.Must(file.Text("kind")) == "trainer" && gan.Must(file.Option("seed")) == "7", "a checkpoint tells what it holds")
	file.Close()
	digits := gan.Must(gan.Make("digits", 20, 0, nil))
	stacked := gan.Must(gan.Make("stacked", 6, 1, digits))
	gan.Check(stacked.Write(here("stacked.idx"), ""))
	pair := []string{here("stacked.idx"), here("stacked-labels.idx")}
	gan.Check(stacked.Write(pair[0], pair[1]))
	read := gan.Must(gan.OpenIDX(pair[0], pair[1], nil))
	made := reflect.DeepEqual(gan.Must(read.ReadLabels(0, 6)), gan.Must(stacked.ReadLabels(0, 6))) && reflect.DeepEqual(gan.Must(read.Read(0, 6)), gan.Must(stacked.Read(0, 6)))
	good(t, made && len(gan.MadeData()["ring"]) > 20 && gan.Must(stacked.Classes()) == 1000, "data are made, written and read")
}

func contains(list []string, wanted string) bool {
	for _, one := range list {
		if one == wanted {
			return true
		}
	}
	return false
}

// What samples are made of besides chance; sample i has class i mod 2 unless it is told.
func TestInputs(t *testing.T) {
	listed := map[string]gan.Recipe{}
	for _, recipe := range gan.Recipes() {
		listed[recipe.Name] = recipe
		good(t, len(recipe.Summary) > 20 && len(recipe.Paper) > 20, "recipes say what they are")
	}
	good(t, contains(listed["infogan"].Options, "info.categories") && contains(listed["gan"].Options, "condition"), "recipes are listed")
	pixels, labels := make([]uint8, 400), make([]int32, 200)
	for i := range pixels {
		pixels[i] = uint8(i % 200)
	}
	for i := range labels {
		labels[i] = int32(i % 2)
	}
	options := gan.Must(gan.NewOptions())
	gan.Check(options.Set("condition", "labels"))
	images := gan.Must(gan.FromBytes(pixels, gan.Shape{Height: 2, Width: 1, Channels: 1}, labels))
	trainer := gan.Must(gan.NewTrainer(images, options))
	gan.Check(trainer.Step(2))
	metrics := gan.Must(trainer.Metrics())
	good(t, contains(metrics, "generator.loss"), "a trainer lists its metrics")
	for _, name := range metrics {
		gan.Must(trainer.Metric(name))
	}
	generator := gan.Must(trainer.Generator())
	good(t, reflect.DeepEqual(gan.Must(generator.Inputs()), []gan.Input{
		{Name: "latents", Kind: "latent", Width: gan.Must(generator.LatentSize())},
		{Name: "label", Kind: "label", Width: 1, Classes: []string{"0", "1"}},
	}), "a generator lists its inputs")
	sampler := gan.Must(gan.NewSampler(generator, nil))
	draw := func() []float32 { return gan.Must(sampler.Draw(7, 0, 2)) }
	free := draw()
	gan.Check(sampler.Set("label", "1"))
	set := draw()
	good(t, !reflect.DeepEqual(set[:2], free[:2]) && reflect.DeepEqual(set[2:], free[2:]), "an input is set")
	gan.Check(sampler.Set("label", ""))
	good(t, reflect.DeepEqual(draw(), free), "an input is unset")
	gan.Check(sampler.SetValues("label", []float32{1}))
	good(t, reflect.DeepEqual(draw(), set), "an input is set to a row")
	gan.Check(sampler.SetValues("label", []float32{0, 1}))
	good(t, reflect.DeepEqual(draw(), free), "an input is set to rows")
	refused(t, gan.UnknownName, "a class that is not there", sampler.Set("label", "2"))
	refused(t, gan.OutOfRange, "a class's number that is not there", sampler.SetValues("label", []float32{2}))
	refused(t, gan.UnknownName, "an input that is not there", sampler.Set("labels", "1"))
	refused(t, gan.InvalidArgument, "an input takes no byte 0", sampler.Set("label", "1\x00"))
}

func TestMeasures(t *testing.T) {
	rows, classes := make([]uint8, 40*64), make([]int32, 40)
	for i := range rows {
		if i/64%2 == i%64/32 {
			rows[i] = 255
		}
	}
	for i := range classes {
		classes[i] = int32(i % 2)
	}
	halves := gan.Must(gan.FromBytes(rows, gan.Shape{Height: 8, Width: 8, Channels: 1}, classes))
	settings := gan.Must(gan.NewOptions())
	gan.Check(settings.Set("recipe", "classifier"))
	gan.Check(settings.Set("classifier.channels", 2))
	gan.Check(settings.Set("batch-size", 10))
	judged := gan.Must(gan.NewTrainer(halves, settings))
	gan.Check(judged.Run(2, nil))
	path := filepath.Join(t.TempDir(), "judge")
	gan.Check(judged.Save(path))
	judge := gan.Must(judged.Classifier())
	features := gan.Must(judge.Features())
	good(t, gan.Must(judge.Classes()) == 2 && gan.Must(judge.Shape()).Height == 8 && gan.Must(judge.ClassName(1)) == "1" && gan.Must(judge.Target()) == "labels", "a classifier tells of itself")
	images := gan.Must(halves.Read(0, 3))
	probabilities, vectors, err := judge.Run(images)
	good(t, err == nil && len(probabilities) == 6 && len(vectors) == 3*features, "and of pictures")
	for _, other := range []*gan.Classifier{gan.Must(gan.LoadClassifier(path, nil)), gan.Must(gan.ClassifierFromBytes(gan.Must(judged.Bytes()), nil))} {
		again, _, err := other.Run(images)
		good(t, err == nil && reflect.DeepEqual(again, probabilities), "a classifier is loaded")
	}
	_, err = judged.Generator()
	refused(t, gan.Mismatch, "a classifier draws nothing", err)
	same := gan.Must(gan.EvaluateDataset(halves, halves, judge, nil))
	copies, _, err := same.Value("copies")
	_, distance, _ := same.Nearest(3)
	samples, items, _ := same.Counts()
	good(t, err == nil && copies == 1 && distance == 0 && samples == 40 && items == 40, "data beside themselves are copies")
	_, sure, _ := same.ClassOf(0)
	first, _, _ := same.ClassCounts(0)
	second, _, _ := same.ClassCounts(1)
	good(t, sure >= 0.5 && first+second == 40, "classes are told")
	settings = gan.Must(gan.NewOptions())
	gan.Check(settings.Set("batch-size", 10))
	gan.Check(settings.Set("evaluate.every", 1))
	gan.Check(settings.Set("evaluate.count", 16))
	drawing := gan.Must(gan.NewTrainer(halves, settings))
	gan.Check(drawing.Judge(judge))
	gan.Check(drawing.Run(1, nil))
	recall, _, err := gan.Must(gan.Evaluate(gan.Must(drawing.Generator()), halves, nil, 20, 7, nil)).Value("recall")
	good(t, err == nil && recall >= 0 && gan.Must(drawing.Metric("evaluate.modes")) >= 1, "a generator is evaluated")
	known := gan.Must(gan.EvaluateFeatures([]float32{3, 0, -3, 0, 0, 1, 0, -1}, []float32{1, 0, -1, 0, 0, 1, 0, -1}, 2, nil))
	value, spread, err := known.Value("frechet-distance")
	good(t, err == nil && value > 8.0/3-1e-12 && value < 8.0/3+1e-12 && spread != spread, "the distance of features")
	listed := gan.Measures()
	good(t, len(listed) >= 15 && listed[0].Minimum >= 1 && listed[0].Goal == "lower", "measures are listed")
	_, _, err = known.Value("recal")
	refused(t, gan.UnknownName, "a measure that is not there", err)
	_, err = gan.EvaluateFeatures([]float32{1}, []float32{1, 2}, 2, nil)
	refused(t, gan.InvalidArgument, "features that are no rows", err)
}

func TestPicturesOfPictures(t *testing.T) {
	_, err := gan.NewApplier(gan.Must(gan.LoadGenerator(os.Getenv("GAN_CHECKPOINT"))), nil)
	refused(t, gan.Mismatch, "a generator of numbers is no applier", err)
	pixels := make([]uint8, 40*64)
	for i := range pixels {
		pixels[i] = uint8(i % 251)
	}
	settings := gan.Must(gan.NewOptions())
	gan.Check(settings.Set("recipe", "super-resolution"))
	gan.Check(settings.Set("scale", 2))
	gan.Check(settings.Set("generator.channels", 4))
	gan.Check(settings.Set("generator.blocks", 1))
	gan.Check(settings.Set("batch-size", 10))
	images := gan.Must(gan.FromBytes(pixels, gan.Shape{Height: 8, Width: 8, Channels: 1}, nil))
	resolving := gan.Must(gan.NewTrainer(images, settings))
	good(t, gan.Must(resolving.PreviewShape()) == gan.Shape{Height: 8, Width: 28, Channels: 1}, "a row of input, output and truth")
	good(t, len(gan.Must(resolving.Preview(0, 2))) == 448, "and two of them")
	_, err = resolving.Preview(-1, 1)
	refused(t, gan.InvalidArgument, "rows before the first", err)
	applier := gan.Must(gan.NewApplier(gan.Must(resolving.Generator()), nil))
	input, output, takesMask, err := applier.Channels()
	good(t, err == nil && input == 1 && output == 1 && !takesMask, "an applier tells of itself")
	good(t, gan.Must(applier.Shape(5, 7)) == gan.Shape{Height: 10, Width: 14, Channels: 1}, "and of what it makes")
	white, bytes := make([]float32, 35), make([]uint8, 35)
	for i := range white {
		white[i], bytes[i] = 1, 255
	}
	floats, made := gan.Must(applier.Apply(0, white, nil, 5, 7)), gan.Must(applier.ApplyBytes(0, bytes, nil, 5, 7))
	difference := floats[60]*255 - float32(made[60])
	good(t, len(floats) == 140 && len(made) == 140 && difference < 0.51 && difference > -0.51, "a picture of a picture")
	_, err = applier.Apply(0, white[:1], nil, 5, 7)
	refused(t, gan.InvalidArgument, "a picture is short", err)
	_, err = applier.ApplyBytes(0, bytes, bytes[:1], 5, 7)
	refused(t, gan.InvalidArgument, "a mask is short", err)
	_, err = applier.Apply(0, white, white, 5, 7)
	refused(t, gan.InvalidArgument, "a mask where none is wanted", err)
	_, err = applier.Apply(0, nil, nil, 0, 7)
	refused(t, gan.OutOfRange, "a picture without a side", err)
	good(t, gan.Must(applier.Frames()) == 0, "a picture is none of several")
	applier.Close()
}

func TestFramesThatFollow(t *testing.T) {
	settings := gan.Must(gan.NewOptions())
	gan.Check(settings.Set("recipe", "next-frame"))
	for name, value := range map[string]int{"frames.past": 2, "frames.ahead": 1, "generator.channels": 2, "discriminator.channels": 2, "batch-size": 5} {
		gan.Check(settings.Set(name, value))
	}
	trainer := gan.Must(gan.NewTrainer(gan.Must(gan.Make("moving", 10, 3, nil)), settings))
	applier := gan.Must(gan.NewApplier(gan.Must(trainer.Generator()), nil))
	given, values := make([]uint8, 70), make([]float32, 70)
	for i := range given {
		given[i] = uint8((i + 1) * 7 % 256)
		values[i] = float32(given[i]) / 255
	}
	five, two := gan.Must(applier.PredictBytes(0, given, 5, 7, 5)), gan.Must(applier.PredictBytes(0, given, 5, 7, 2))
	good(t, gan.Must(applier.Frames()) == 2 && len(five) == 175 && string(five[:70]) == string(two), "frames that follow")
	floats := gan.Must(applier.Predict(0, values, 5, 7, 1))
	difference := floats[12]*255 - float32(five[12])
	good(t, len(floats) == 35 && difference < 0.6 && difference > -0.6, "frames of floats")
	_, err := applier.Predict(0, values[:1], 5, 7, 1)
	refused(t, gan.InvalidArgument, "a frame is short", err)
	_, err = applier.PredictBytes(0, given[:35], 5, 7, 1)
	refused(t, gan.OutOfRange, "too few frames", err)
	_, err = applier.Apply(0, values[:35], nil, 5, 7)
	refused(t, gan.Mismatch, "a picture where frames are read", err)
	applier.Close()
}

func TestCallbacks(t *testing.T) {
	filled, one := 0, gan.Shape{Height: 1, Width: 1, Channels: 1}
	images := gan.Must(gan.FromCallback(1000, one, func(indices []int64, values []float32) {
		filled += len(indices)
		for i, index := range indices {
			values[i] = float32(index) / 1000
		}
	}))
	good(t, gan.Must(images.Read(500, 1))[0] == 0.5, "a function's images are read")
	trainer := gan.Must(gan.NewTrainer(images, nil))
	images.Close()
	runtime.GC()
	gan.Check(trainer.Step(2))
	good(t, filled == 201, "a function fills batches")
	trainer.Close()
	_, err := gan.FromCallback(0, one, func([]int64, []float32) {})
	refused(t, gan.InvalidArgument, "no images", err)

	broken := gan.Must(gan.FromCallback(1000, one, func([]int64, []float32) { panic("mine") }))
	trainer = gan.Must(gan.NewTrainer(broken, nil))
	for what, call := range map[string]func() error{
		"step": func() error { return trainer.Step(1) },
		"run":  func() error { return trainer.Run(1, nil) },
		"read": func() error { _, err := broken.Read(0, 1); return err },
	} {
		func() {
			defer func() { good(t, recover() == "mine", "a panic of the function comes out of "+what) }()
			_ = call()
		}()
	}
	gan.Check(trainer.Save(filepath.Join(t.TempDir(), "after"))) // and is not told twice
}
