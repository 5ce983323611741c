"""The parts of Tests/Benchmarks/run, a noun each. Python 3 with nothing but its standard library."""
