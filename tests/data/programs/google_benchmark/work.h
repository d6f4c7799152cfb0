#pragma once
#include <cstdint>

std::uint64_t work(std::uint64_t x);
