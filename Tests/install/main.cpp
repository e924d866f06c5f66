// A C++ program that knows only the installed library: it loads what main.c saved, and draws.
#include <gan.hpp>

#include <iostream>

int main(int argc, char **argv) try {
    gan::sampler sampler(gan::generator::load(argc > 1 ? argv[1] : "consumer.safetensors"));
    std::cout << sampler.draw(1, 0, 3).size() << " values by libgan " << gan::version_string() << "\n";
    return gan::version() == GAN_VERSION ? 0 : 1;
} catch (const gan::error &error) {
    std::cerr << error.name() << ": " << error.what() << "\n";
    return 1;
}
