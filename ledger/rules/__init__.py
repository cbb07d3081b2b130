"""Rules: pure functions (state, record, time) → changes or a refusal. No clock, no database."""
