"""The parts of Tests/Benchmarks/isolation, a noun each; broker and channel are those of `measuring`."""
