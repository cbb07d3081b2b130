"""A made-up town: people, organisations and frauds, as signed records at any size."""
