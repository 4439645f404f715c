"""What every test gets: the rigs, and an environment in which nothing of the developer's own desktop shows."""

pytest_plugins = ["tests.rigs.quiet", "tests.rigs.collecting", "tests.rigs.whole", "tests.rigs.fixtures"]
