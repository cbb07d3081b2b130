"""The kinds of records once more, a family a module: written by hand from `docs/spec/kinds`, and
without a look at how the library declares and judges them, so that the two can contradict each
other. `tests.builders.families` says what a family has, and finds them."""
