// swift-tools-version: 6.1
import PackageDescription

// The rooms of the house, in the order in which the README's architecture section walks through them.
// Every flag below says why it is there.

/// Every function in a section of its own, and public ones not marked as to be kept whatever happens: then the linker leaves out
/// those that nothing calls, of the kernels' templates all but their specialisations. All that uses a room is linked with it.
let sections = ["-Xfrontend", "-function-sections", "-Xfrontend", "-internalize-at-link"]

/// Rooms that run once a model or a file rather than once a number are optimised for size in release builds, so that
/// the whole stays one small file. Overflow and bounds checks stay on everywhere except in the kernels, whose
/// arguments the planner has verified.
let small: [SwiftSetting] = [.unsafeFlags(["-Osize"] + sections, .when(configuration: .release))]

/// Rooms that run once a step, or once a picture.
let quick: [SwiftSetting] = [.unsafeFlags(sections, .when(configuration: .release))]

/// Kernel modules: optimised without checks, and compiled for one instruction set each.
/// `-Xcc -march` also steers the code that the Swift compiler itself generates.
/// Debug builds are optimised too: a kernel without optimisation is thousands of times slower, and its generic
/// template would not be specialised at all.
/// Two passes of Swift's own optimiser are left out, which compare every access to memory with every other: a micro-kernel has
/// thousands, and nine tenths of the library's build time went into these two. LLVM, which comes after, does the same work in
/// seconds. (A compiler that has no passes of these names ignores them.)
func kernels(march: String?) -> [SwiftSetting] {
    var flags = ["-Ounchecked"] + sections
    for pass in ["loop-invariant-code-motion", "redundant-load-elimination"] { flags += ["-Xllvm", "-sil-disable-pass=\(pass)"] }
    if let march { flags += ["-Xcc", "-march=\(march)"] }
    return [.unsafeFlags(flags)]
}

/// The wider instruction sets that there are besides the baseline. The manifest is compiled for the machine that builds,
/// whose architecture decides: compilers for another one refuse these.
#if arch(x86_64)
let wider = [("KernelsAVX2", march: "x86-64-v3"), ("KernelsAVX512", march: "x86-64-v4")]
#else
let wider: [(String, march: String)] = []
#endif

/// The allocator's functions, of C and of C++, as every object of a product calls them: `--wrap` sends the calls to CHost, which
/// has a reserve for when there is no memory. Swift's runtime would end the process.
let wrapped: [String] = [
    "malloc", "calloc", "realloc", "free", "aligned_alloc", "posix_memalign", "malloc_usable_size",
    "_Znwm", "_Znam", "_ZnwmSt11align_val_t", "_ZdlPv", "_ZdaPv", "_ZdlPvm", "_ZdaPvm", "_ZdlPvmSt11align_val_t",
].flatMap { ["-Xlinker", "--wrap=\($0)"] }

/// The names of Unicode's characters, which the runtime holds and nothing here asks for: see CHost's runtime.c.
let nameless = ["-Xlinker", "--wrap=_swift_stdlib_getScalarName"]

/// The shared library's linker flags. They would reach every product that contains the target, and test bundles
/// would then fail to link, so they sit on a target of one line (`libgan`) that only re-exports `GanABI`.
let sharedLibrary: [LinkerSetting] = [
    .unsafeFlags([
        "-static-stdlib",  // Swift's runtime inside: nothing to install on the user's machine
        "-use-ld=lld",  // comes with Swift; gold, the default, leaves some of Swift's own names among the exported ones
        "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/libgan/libgan.map",  // exports gan_* only, as GAN_1
        "-Xlinker", "-soname=libgan.so.0",
        "-Xlinker", "--gc-sections",
        "-Xlinker", "--icf=all",  // functions of the same code become one: Swift's specialisations repeat themselves
        "-Xlinker", "-z", "-Xlinker", "nodelete",  // dlclose cannot unload the Swift runtime safely, so it never does
    ] + wrapped + nameless)
]

/// A plugin's: one file that holds the library and Swift's runtime, exports what its host looks for, and is copied to
/// where the host looks.
///
/// - Parameter exports: the file that lists what the host looks for.
func plugin(_ name: String, exports: String) -> [LinkerSetting] {
    [
        .unsafeFlags([
            "-static-stdlib", "-use-ld=lld",
            "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/\(exports)",
            "-Xlinker", "-soname=\(name).so",
            "-Xlinker", "--gc-sections", "-Xlinker", "--icf=all", "-Xlinker", "-z", "-Xlinker", "nodelete",
        ] + wrapped + nameless)
    ]
}

/// The plugins need headers of their hosts that are not everywhere; make looks which are there and names the plugins in
/// this variable. Whether a file is there must not be asked here, for the package manager remembers the answer.
let plugins = (Context.environment["GAN_PLUGINS"] ?? "").split(separator: " ")

let package = Package(
    name: "libgan",
    products: [
        .library(name: "gan", type: .dynamic, targets: ["libgan"]),
        .executable(name: "gan-benchmark", targets: ["Benchmark"]),
    ],
    targets: [
        // What C says for us.
        .systemLibrary(name: "CGan", path: "include"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CPng", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
        // valgrind up to 3.19, which Debian 12 has, reads no newer debugging information than version 4.
        .target(name: "CGanShims", cSettings: [.unsafeFlags(["-gdwarf-4"])]),

        // The process that the library is a guest in.
        .target(
            name: "CHost", cSettings: [.unsafeFlags(["-gdwarf-4"])],
            cxxSettings: [.unsafeFlags(["-gdwarf-4", "-ffunction-sections"])]),

        // Errors, sizes, text numbers, files.
        .target(name: "Base", dependencies: ["CGanShims", "CHost", "CZlib"], swiftSettings: small),

        // Arithmetic.
        .target(name: "Kernels", dependencies: ["CGanShims"], exclude: ["README.md"], swiftSettings: kernels(march: nil)),
        .target(name: "KernelsBaseline", dependencies: ["CGanShims", "Kernels"], swiftSettings: kernels(march: nil)),
        .target(
            name: "Compute",
            dependencies: ["Base", "CGanShims", "CHost", "Kernels", "KernelsBaseline"] + wider.map { .byName(name: $0.0) },
            swiftSettings: quick),

        // Mathematics.
        .target(name: "Graph", dependencies: ["Base"], swiftSettings: small),
        .target(name: "Plan", dependencies: ["Base", "CGanShims", "CHost", "Graph", "Compute", "Kernels"], swiftSettings: quick),

        // What goes in and out.
        .target(name: "Data", dependencies: ["Base", "CZlib", "CPng"], swiftSettings: small),
        .target(name: "Shapes", dependencies: ["Base", "Data"], swiftSettings: quick),
        .target(name: "Checkpoint", dependencies: ["Base"], swiftSettings: small),

        // How good what was drawn is. Its arithmetic is in double precision, and has a kernel of its own in C.
        .target(name: "CDoubles", cSettings: [.unsafeFlags(["-gdwarf-4", "-O2"])]),
        .target(name: "Measures", dependencies: ["Base", "CDoubles", "Compute", "Kernels", "Data"], swiftSettings: quick),

        // Generative adversarial networks.
        .target(name: "Networks", dependencies: ["Base", "Graph"], swiftSettings: small),
        .target(name: "Objectives", dependencies: ["Base", "Graph"], swiftSettings: small),
        .target(name: "Optimisers", dependencies: ["Base", "Graph"], swiftSettings: small),
        .target(
            name: "Recipes", dependencies: ["Base", "Graph", "Plan", "Data", "Networks", "Objectives", "Optimisers", "Measures"], swiftSettings: small),
        .target(
            name: "Training",
            dependencies: ["Base", "CGanShims", "Graph", "Plan", "Compute", "Kernels", "Networks", "Optimisers", "Recipes", "Data", "Checkpoint", "Measures"],
            swiftSettings: small),

        // The contract.
        .target(
            name: "GanABI", dependencies: ["CGan", "CGanShims", "CHost", "Base", "Training", "Data", "Checkpoint", "Compute", "Measures", "Shapes"],
            swiftSettings: small),
        .target(
            name: "libgan", dependencies: ["GanABI"],
            exclude: ["libgan.map", "gan.pc.in", "gan-config.cmake.in", "gan-config-version.cmake.in"],  // for the linker and make
            linkerSettings: sharedLibrary),

        // Pictures with lines and letters, for the command and the plugins.
        .target(name: "Drawing", swiftSettings: small),

        // Models of which other frameworks' figures and gradients are known, for the benchmark and for tests.
        .target(name: "PeerModels", dependencies: ["Base", "Data", "Graph", "Networks", "Objectives", "Optimisers", "Recipes"]),

        // How fast it is.
        .target(name: "CBenchmark", path: "Sources/Benchmark/C"),
        .executableTarget(
            name: "Benchmark",
            dependencies: ["CBenchmark", "Base", "Compute", "Kernels", "Graph", "Plan", "Data", "Optimisers", "PeerModels", "Recipes", "Training", "Measures", "CZlib"],
            path: "Sources/Benchmark", exclude: ["C", "Host"]),  // Host is a C program of its own, which make builds

        // Tests, a folder a module.
        .testTarget(name: "BaseTests", dependencies: ["Base"]),
        .testTarget(name: "DataTests", dependencies: ["Base", "Data", "CZlib"]),
        .target(name: "TestSupport", dependencies: ["Graph", "Networks"], path: "Tests/TestSupport"),
        .testTarget(name: "GraphTests", dependencies: ["Graph", "Plan", "Base", "TestSupport"]),
        .testTarget(name: "PlanTests", dependencies: ["Plan", "Graph", "Compute", "Base", "Kernels", "TestSupport"]),
        .testTarget(name: "NetworksTests", dependencies: ["Networks", "Graph", "Plan", "Base", "TestSupport"]),
        .testTarget(name: "DrawingTests", dependencies: ["Drawing"]),
        .testTarget(name: "ShapesTests", dependencies: ["Base", "Shapes"]),
        .testTarget(name: "MeasuresTests", dependencies: ["Base", "Measures"]),
        .testTarget(name: "CheckpointTests", dependencies: ["Base", "Checkpoint"], exclude: ["Fixtures"]),
        .testTarget(
            name: "TrainingTests",
            dependencies: ["Training", "Plan", "Graph", "Compute", "Base", "Data", "Kernels", "Networks", "Measures", "Objectives", "Optimisers", "PeerModels", "Recipes"],
            exclude: ["Fixtures"]),
        .testTarget(name: "ComputeTests", dependencies: ["Base", "Compute", "Kernels", "CGanShims"]),
    ],
    swiftLanguageModes: [.v6]
)

package.targets += wider.map { name, march in
    .target(name: name, dependencies: ["CGanShims", "Kernels"], swiftSettings: kernels(march: march))
}

// The command `gan`. It is the only part that needs another package, and so a network (or a mirror) at its first build: with
// GAN_LIBRARY_ONLY in the environment it is left out. A product may not have the name of another, so it is built as
// gan-command, and make installs it as gan.
if Context.environment["GAN_LIBRARY_ONLY"] == nil {
    package.dependencies.append(.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"))
    package.products.append(.executable(name: "gan-command", targets: ["gan-command"]))
    package.targets.append(
        .executableTarget(
            name: "gan-command",
            dependencies: [
                "CGan", "GanABI",  // the library inside, linked and not imported: the source knows gan.h alone …
                "Base",  // … but for the files that the command writes itself, which go through the library's one writer
                "Drawing", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/gan", exclude: ["gan.1.in"], swiftSettings: small,
            linkerSettings: [
                // What ArgumentParser imports of Foundation is in several archives, and the compiler names one.
                .linkedLibrary("_FoundationCollections", .when(platforms: [.linux])),
                .linkedLibrary("_FoundationCShims", .when(platforms: [.linux])),
                .unsafeFlags([
                    "-static-stdlib",  // no Swift on the user's machine, as for the library
                    "-use-ld=lld", "-Xlinker", "--gc-sections", "-Xlinker", "--icf=all",
                    "-Xlinker", "--no-export-dynamic",  // an exported name is one that is kept
                ] + wrapped)
            ]))
}

if !plugins.isEmpty { package.targets.append(.target(name: "PluginSupport", dependencies: ["CGan"], swiftSettings: small)) }

if plugins.contains("frei0r") {
    package.targets += [
        .target(name: "CFrei0r", path: "Sources/GanFrei0r/C"),
        // Not `small`: they scale every pixel of a film.
        .target(name: "Frei0rPlugin", dependencies: ["CGan", "CFrei0r", "Drawing", "PluginSupport"], path: "Sources/GanFrei0r/Shared"),
    ]
    // The source, and the filter.
    for (folder, module, product) in [("Walk", "GanFrei0r", "ganfrei0r"), ("Apply", "GanFrei0rApply", "ganfrei0rapply")] {
        package.products.append(.library(name: product, type: .dynamic, targets: ["lib" + product]))
        package.targets += [
            .target(name: module, dependencies: ["CGan", "CFrei0r", "Frei0rPlugin", "PluginSupport"], path: "Sources/GanFrei0r/\(folder)"),
            .target(
                name: "lib" + product, dependencies: [.byName(name: module), "GanABI"], path: "Sources/GanFrei0r/Product\(folder)",
                linkerSettings: plugin("lib" + product, exports: "GanFrei0r/frei0r.map")),
        ]
    }
}

if plugins.contains("sqlite") {
    package.products.append(.library(name: "gansqlite", type: .dynamic, targets: ["libgansqlite"]))
    package.targets += [
        // Headers alone: the extension must not bring another SQLite into a process that has one.
        .systemLibrary(name: "CSQLite", path: "Sources/GanSQLite/Header"),
        .target(
            name: "GanSQLite", dependencies: ["CGan", "CSQLite", "PluginSupport"], exclude: ["Header", "Product", "README.md"], swiftSettings: small),
        .target(
            name: "libgansqlite", dependencies: ["GanSQLite", "GanABI"], path: "Sources/GanSQLite/Product",
            exclude: ["libgansqlite.map"], linkerSettings: plugin("libgansqlite", exports: "GanSQLite/Product/libgansqlite.map")),
    ]
}
